// What the parts of the shim share.
#pragma once

#include <string>
#include "WAVM/IR/Module.h"
#include "WAVM/Runtime/Runtime.h"
#include "wavm.h"

struct rw_ir
{
	WAVM::IR::Module module;

	explicit rw_ir(const WAVM::IR::FeatureSpec& features) : module(features) {}
};

struct rw_code
{
	WAVM::Runtime::ModuleRef module;
	// Exports a function for each import of `module`, named by its number, that calls the host.
	// Null when it imports nothing.
	WAVM::Runtime::ModuleRef links;
};

namespace runoff {
	void say(rw_words words, const std::string& text);
	// The trap of `integer overflow`, which WAVM itself does not tell from division by zero.
	WAVM::Runtime::ExceptionType* integerOverflow();
}
