#!/usr/bin/env python3
"""Ports the WAVM source of the package `wavm-sys` 0.1.0 (2019, LLVM 8) to LLVM 13.

    port.py SOURCE TARGET    copies SOURCE to TARGET and edits the copy

An edit is a regular expression, what replaces it, and how often it must be found: a source that is not the
expected one fails here and not in the compiler. Besides calls that LLVM has renamed, the edits change what the
specification has settled since 2019 (bulk operations check before they write) and keep traps apart that WAVM
reports as one. What that takes at run time is in `shim/intrinsics.cpp`.
"""

import pathlib
import re
import shutil
import sys

JIT = "Lib/LLVMJIT/"
ANY = None

# LLVM's own changes: (file or files, expression, replacement, times; ANY = at least once).
LLVM = [
    (["*.cpp", "*.h"], r"->setAlignment\(([^;]*)\);", r"->setAlignment(llvm::Align(\1));", ANY),
    (["*.cpp", "*.h"], r"llvm::VectorType::get\(", "llvm::FixedVectorType::get(", ANY),
    (["*.cpp"], r"(\w+(?:->getType\(\))?)->getVectorNumElements\(\)",
     r"llvm::cast<llvm::FixedVectorType>(\1)->getNumElements()", ANY),
    (["*.cpp"], r"!\(symbol\.getFlags\(\) &", "!(llvm::cantFail(symbol.getFlags()) &", 2),
    ("LLVMJITPrivate.h", r"#include <llvm/IR/LLVMContext\.h>",
     "#include <llvm/IR/IntrinsicsAArch64.h>\n#include <llvm/IR/IntrinsicsX86.h>\n"
     "#include <llvm/IR/LLVMContext.h>", 1),
    ("LLVMJITPrivate.h", r'"no-frame-pointer-elim",\s*"true"', '"frame-pointer", "all"', 1),
    # A call names its type instead of reading it off a typed pointer.
    ("EmitContext.h", r"CreateCall\(callee,", "CreateCall(asLLVMType(llvmContext, calleeType), callee,", 1),
    ("EmitContext.h", r"CreateInvoke\(callee,", "CreateInvoke(asLLVMType(llvmContext, calleeType), callee,", 1),
    # Atomics name their alignment; none means that of the type, which WAVM has checked.
    ("EmitMem.cpp", r"(replacementValue,)(\s+\\\n\s+llvm::AtomicOrdering)", r"\1 llvm::MaybeAlign(),\2", 1),
    ("EmitMem.cpp", r"(\n\s+value,)(\s+\\\n\s+llvm::AtomicOrdering)", r"\1 llvm::MaybeAlign(),\2", 1),
    ("EmitConvert.cpp", r"experimental_vector_reduce_add", "vector_reduce_add", 2),
    ("EmitConvert.cpp", r"\{(0|8)((?:, \d+){7})\}\);", r"llvm::ArrayRef<int>({\1\2}));", 2),
    ("EmitNumeric.cpp", r"getSplat\(16,", "getSplat(llvm::ElementCount::getFixed(16),", 1),
    # Constants are propagated by the pass that also simplifies instructions.
    ("LLVMCompile.cpp", r"createConstantPropagationPass", "createInstSimplifyLegacyPass", 1),
    ("LLVMCompile.cpp", r"createInstructionCombiningPass\(bool ExpensiveCombines = true\)",
     "createInstructionCombiningPass()", 1),
    ("LLVMModule.cpp", r"if\(!section\.getName\(sectionName\)\)", "if(false)", 1),
    ("LLVMModule.cpp", r"addOrFail\(\*name,", "addOrFail(name->str(),", 1),
    ("LLVMModule.cpp", r"SectionedAddress\((address, [\w:]+)\)", r"SectionedAddress{\1}", 1),
    ("LLVMModule.cpp", r"FileLineInfoKind::Default", "FileLineInfoKind::RawValue", 1),
]

# One check of a range before a bulk operation begins.
CHECK_MEMORY = (
    'emitRuntimeIntrinsic("runoff.check", FunctionType({{}}, TypeTuple({{ValueType::i32, ValueType::i32, '
    "inferValueType<Uptr>()}}), IR::CallingConvention::intrinsic), {{{0}, numBytes, "
    "getMemoryIdFromOffset(llvmContext, moduleContext.memoryOffsets[imm.{1}])}});\n\t"
)
TRAP = r'"divideByZeroOrIntegerOverflowTrap",\s*FunctionType\(\{\}, \{\}, IR::CallingConvention::intrinsic\),\s*\{\}'
TRAP_WITH = (
    '"runoff.arithmeticTrap", FunctionType({{}}, TypeTuple({{ValueType::i64}}), '
    "IR::CallingConvention::intrinsic), {{{0}}}"
)

MEANING = [
    # Which arithmetic trap it was: the divisor decides, and a float that does not fit is never a zero.
    (JIT + "EmitConvert.cpp", TRAP, TRAP_WITH.format("emitLiteral(llvmContext, U64(1))"), 1),
    (JIT + "EmitFunction.cpp", TRAP,
     [TRAP_WITH.format(f"irBuilder.CreateZExt({divisor}, llvmContext.i64Type)") for divisor in ("divisor", "right")],
     2),
    # Nothing is written by a bulk operation that does not fit.
    (JIT + "EmitMem.cpp", r"(?=llvm::Value\* sourceBoundedAddress = )",
     CHECK_MEMORY.format("sourceAddress", "sourceMemoryIndex") + CHECK_MEMORY.format("destAddress", "destMemoryIndex"),
     1),
    (JIT + "EmitMem.cpp", r"(void EmitFunctionContext::memory_fill.*?)(?=llvm::Value\* destBoundedAddress = )",
     r"\1" + CHECK_MEMORY.format("destAddress", "memoryIndex"), 1),
    ("Lib/Runtime/Memory.cpp", r"(?=U8\* destPointer = getReserved)",
     "if(sourceOffset > dataVector->size() || numBytes > dataVector->size() - sourceOffset)\n\t"
     "{ throwException(ExceptionTypes::outOfBoundsDataSegmentAccess,\n\t"
     "{asObject(instance), U64(dataSegmentIndex), U64(dataVector->size())}); }\n\t", 1),
    ("Lib/Runtime/Memory.cpp", r"destPointer = getReserved", "destPointer = getValidated", 1),
    ("Lib/Runtime/Table.cpp", r"(?=for\(Uptr index = 0; index < numElems; \+\+index\)\s*\{\s*Uptr sourceIndex)",
     "if(sourceOffset > numSourceIndices || numElems > numSourceIndices - sourceOffset)\n\t"
     "{ throwException(ExceptionTypes::outOfBoundsElemSegmentAccess,\n\t"
     "{asObject(instance), U64(elemSegmentIndex), U64(sourceOffset)}); }\n\t"
     "if(destOffset > getTableNumElements(table) || numElems > getTableNumElements(table) - destOffset)\n\t"
     "{ throwException(ExceptionTypes::outOfBoundsTableAccess, {table, U64(destOffset)}); }\n\t", 1),
    ("Lib/Runtime/Table.cpp", r"(?=if\(sourceOffset < destOffset\))",
     "if(U64(sourceOffset) + numElements > getTableNumElements(sourceTable)\n\t\t"
     "   || U64(destOffset) + numElements > getTableNumElements(destTable))\n\t\t"
     "{ throwException(ExceptionTypes::outOfBoundsTableAccess, {destTable, U64(destOffset)}); }\n\t\t", 1),
    # What belongs to a proposal that is off is refused, its empty section as well.
    ("Lib/WASM/WASMSerialization.cpp", r"(?=serializeExceptionTypeSection\(moduleStream, module\);\s*IR::)",
     'if(!module.featureSpec.exceptionHandling) { throw FatalSerializationException("unknown section"); }\n\t\t\t', 1),
    # Null references name their type. (Nothing comes of it: WAVM's null is of every reference type.)
    ("Include/WAVM/IR/OperatorTable.h", r'(ref_null\s*,\s*"ref\.null"\s*,\s*)NoImm', r"\1LiteralImm<I32>", 1),
    (JIT + "EmitTable.cpp", r"ref_null\(NoImm\)", "ref_null(LiteralImm<I32>)", 1),
    ("Lib/Runtime/Linker.cpp", r"ref_null\(\)", "ref_null({-16})", 1),
    ("Lib/WASM/WASMSerialization.cpp", r"(::Type::ref_null: )break;",
     r"\1{ U8 type = 0x70; serializeNativeValue(stream, type); break; }", 2),
    # Segments that only declare functions are like passive ones: nothing reads them.
    ("Lib/WASM/WASMSerialization.cpp",
     r"// elemSegment\.type = ElemSegment::Type::declared; break;\s*throw [^;]*;",
     "elemSegment.type = ElemSegment::Type::passive; break;", 1),
    ("Lib/WASM/WASMSerialization.cpp", r"if\(flags & 2\) (?=\{ serializeVarUInt32\(stream, elemSegment)",
     "if((flags & 3) == 2) ", 1),
    # A dropped segment is an empty one.
    ("Lib/Runtime/Memory.cpp", r"\{ throwException\(ExceptionTypes::invalidArgument\); \}",
     ["{\n\t\tstatic const std::vector<U8> empty;\n\t\t"
      "initDataSegment(instance, dataSegmentIndex, &empty, memory, destAddress, sourceOffset, numBytes);\n\t}",
      "{}"], 2),
    ("Lib/Runtime/Table.cpp", r"\{ throwException\(ExceptionTypes::invalidArgument\); \}",
     ["{\n\t\tIR::ElemSegment::Contents empty;\n\t\tempty.encoding = IR::ElemSegment::Encoding::index;\n\t\t"
      "initElemSegment(instance, elemSegmentIndex, &empty, table, destIndex, sourceIndex, numElems);\n\t}",
      "{}"], 2),
    # Signals get a stack of their own: the way before it read every page of a thread's stack first. The C
    # library leaves the guard page out of the stack it reports.
    ("Lib/Platform/POSIX/ThreadPOSIX.cpp", r"(?m)^#define ALLOCATE_SIGALTSTACK_ON_MAIN_STACK 1",
     "#define ALLOCATE_SIGALTSTACK_ON_MAIN_STACK 0", 1),
    ("Lib/Platform/POSIX/SignalPOSIX.cpp", r"si_addr >= stackMinGuardAddr ", "si_addr >= stackMinGuardAddr - 65536 ",
     1),
]


def apply(text: str, name: str, expression: str, replacement, times) -> tuple[str, int]:
    """Replaces; a list of replacements is used up in order."""
    if isinstance(replacement, list):
        order = iter(replacement)
        result, found = re.subn(expression, lambda _: next(order), text, flags=re.DOTALL)
    else:
        result, found = re.subn(expression, replacement, text, flags=re.DOTALL)
    if times is not ANY and found != times:
        sys.exit(f"port.py: {name}: found {found} times instead of {times}: {expression}")
    return result, found


def edit(root: pathlib.Path, name: str, expression: str, replacement, times) -> None:
    path = root / name
    text, _ = apply(path.read_text(), name, expression, replacement, times)
    path.write_text(text)


def edit_many(root: pathlib.Path, patterns: list[str], expression: str, replacement, times) -> None:
    found = 0
    for path in sorted(p for pattern in patterns for p in (root / JIT).glob(pattern)):
        text, here = apply(path.read_text(), path.name, expression, replacement, ANY)
        found += here
        path.write_text(text)
    if found == 0 or times not in (ANY, found):
        sys.exit(f"port.py: {patterns}: found {found} times instead of {times}: {expression}")


def main() -> None:
    source, target = map(pathlib.Path, sys.argv[1:])
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target)
    for where, expression, replacement, times in LLVM:
        if isinstance(where, list):
            edit_many(target, where, expression, replacement, times)
        else:
            edit(target, JIT + where, expression, replacement, times)
    for where, expression, replacement, times in MEANING:
        edit(target, where, expression, replacement, times)


main()
