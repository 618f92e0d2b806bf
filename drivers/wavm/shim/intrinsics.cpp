// What the port's edits call at run time.

#include "RuntimePrivate.h"
#include "WAVM/Runtime/Intrinsics.h"
#include "code.h"

using namespace WAVM;
using namespace WAVM::Runtime;

ExceptionType* runoff::integerOverflow()
{
	// Like WAVM's own kinds: of no compartment, and never freed.
	static ExceptionType* const type
		= new ExceptionType(nullptr, IR::ExceptionType{IR::TypeTuple()}, "runoff.integerOverflow");
	return type;
}

namespace WAVM { namespace Runtime {
	// A range a bulk operation is about to touch.
	WAVM_DEFINE_INTRINSIC_FUNCTION(wavmIntrinsicsMemory,
								   "runoff.check",
								   void,
								   runoffCheck,
								   U32 address,
								   U32 numBytes,
								   Uptr memoryId)
	{
		Memory* memory = getMemoryFromRuntimeData(contextRuntimeData, memoryId);
		getValidatedMemoryOffsetRange(memory, address, numBytes);
	}

	// A division by `divisor`, or a conversion (any divisor but 0), that has no result.
	WAVM_DEFINE_INTRINSIC_FUNCTION(wavmIntrinsics,
								   "runoff.arithmeticTrap",
								   void,
								   runoffArithmeticTrap,
								   U64 divisor)
	{
		throwException(divisor ? runoff::integerOverflow()
							   : ExceptionTypes::integerDivideByZeroOrOverflow);
	}
}}
