# Stands in for Debian's file of this name, which asks for libraries that its packages do not have.
# WAMR's build needs the headers; the driver is linked against the shared library.
execute_process(
    COMMAND ${RUNOFF_LLVM_CONFIG} --version
    OUTPUT_VARIABLE LLVM_PACKAGE_VERSION OUTPUT_STRIP_TRAILING_WHITESPACE)
execute_process(
    COMMAND ${RUNOFF_LLVM_CONFIG} --includedir
    OUTPUT_VARIABLE LLVM_INCLUDE_DIRS OUTPUT_STRIP_TRAILING_WHITESPACE)
string(REGEX MATCH "^[0-9]+" LLVM_VERSION_MAJOR "${LLVM_PACKAGE_VERSION}")
set(LLVM_DEFINITIONS -D_GNU_SOURCE -D__STDC_CONSTANT_MACROS -D__STDC_FORMAT_MACROS -D__STDC_LIMIT_MACROS)
set(LLVM_AVAILABLE_LIBS LLVM)
