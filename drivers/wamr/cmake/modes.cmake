# Read by WAMR's build right after `project`: what RUNOFF_MODE needs that options cannot say.
if (RUNOFF_MODE STREQUAL "aot")
    # The AOT compiler, added to the library that loads its code; WAMR's build knows them as separate programs.
    find_package(LLVM REQUIRED CONFIG)
    include_directories(SYSTEM ${LLVM_INCLUDE_DIRS})
    # WAMR's build refuses vectors where there is an interpreter without them; only its loader is used here.
    add_definitions(${LLVM_DEFINITIONS} -DWASM_ENABLE_WAMR_COMPILER=1)
    include(${CMAKE_CURRENT_SOURCE_DIR}/core/iwasm/compilation/iwasm_compl.cmake)
elseif (RUNOFF_MODE STREQUAL "llvm-jit")
    # WAMR has LLVM compile on threads of its own, which are still at it when the module may already be taken
    # down; modules that live for a few milliseconds then corrupt the heap. Without such threads LLVM compiles on
    # the one that asks, of which one is enough. The driver has the function this name is replaced by.
    add_definitions(-DWASM_ORC_JIT_BACKEND_THREAD_NUM=1 -DWASM_ORC_JIT_COMPILE_THREAD_NUM=1)
    set_source_files_properties(
        ${CMAKE_CURRENT_SOURCE_DIR}/core/iwasm/compilation/aot_llvm.c PROPERTIES
        COMPILE_DEFINITIONS LLVMOrcLLLazyJITBuilderSetNumCompileThreads=runoff_no_compile_threads)
elseif (RUNOFF_MODE STREQUAL "fast-jit")
    # The assembler is the installed one, so that nothing is fetched.
    include(FetchContent)
    FetchContent_SetPopulated(asmjit)
endif ()
