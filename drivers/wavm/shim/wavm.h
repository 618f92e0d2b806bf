// What the driver needs of WAVM, in C.
//
// No C++ exception leaves these functions, and none passes through a caller's frame: a host function says how it
// ended by what it returns.
#pragma once

#include <stddef.h>
#include <stdint.h>

extern "C" {

// A parsed and validated module, code without an instance, and a running module.
struct rw_ir;
struct rw_code;
struct rw_instance;
// An exported function of an instance.
struct rw_func;

// How a call ended; `module.rs` and `trap.rs` know the numbers.
enum rw_end
{
	RW_OK = 0,
	RW_UNREACHABLE = 1,
	RW_MEMORY_BOUNDS = 2,
	RW_TABLE_BOUNDS = 3,
	RW_NULL = 4,
	RW_SIGNATURE = 5,
	RW_DIVIDE_BY_ZERO = 6,
	RW_OVERFLOW = 7,
	RW_NAN = 8,
	RW_STACK = 9,
	RW_HOST = 10,
	RW_OUT_OF_MEMORY = 11,
	RW_OTHER = 12,
};

// One argument or result, as WAVM lays them out: 16 bytes, numbers in the first. References are pointers that
// nothing here follows, so that the host's may be any numbers; 0 is null.
struct rw_slot
{
	uint64_t low;
	uint64_t high;
};

// Calls host function `index`; anything but 0 ends the guest. `memory` is the guest's first, or null.
typedef int32_t (*rw_host)(void* env,
						   uint64_t index,
						   const rw_slot* args,
						   rw_slot* results,
						   uint8_t* memory,
						   size_t memory_bytes);

// Where to put words about a failure, cut to fit and ended by a zero.
struct rw_words
{
	char* text;
	size_t capacity;
};

// Does what WAVM otherwise does at first use: finds the code generators, prepares signals for this thread.
// False where it makes no code for this processor.
bool rw_init();
// Version of LLVM, `major * 10000 + minor * 100 + patch`.
uint32_t rw_llvm_version();
// Name of the processor code is generated for.
void rw_cpu(rw_words words);

rw_ir* rw_parse(const uint8_t* wasm, size_t bytes, rw_words words);
void rw_ir_delete(rw_ir*);
// Bytes the first memory, and elements the largest table of its own, start with.
uint64_t rw_memory_min(const rw_ir*);
uint64_t rw_table_min(const rw_ir*);

// An import or (with no `module`) an export. `kind` is that of the binary format; `type` is a function's as
// letters of parameters, a colon, and letters of results: i32 `i`, i64 `l`, f32 `f`, f64 `d`,
// function reference `r`, other reference `x`, others `?`.
struct rw_extern
{
	const char* module;
	size_t module_bytes;
	const char* name;
	size_t name_bytes;
	uint8_t kind;
	const char* type;
	size_t type_bytes;
};
// Hands imports and then exports, each in order, to `take`.
void rw_list(const rw_ir*, void (*take)(void* env, const rw_extern*), void* env);

// Generates the code of a module, and that which leads from its imports to the host.
rw_code* rw_compile(const rw_ir*, rw_words words);
// Code saved before; null when it is not object code.
rw_code* rw_load(const rw_ir*,
				 const uint8_t* object,
				 size_t object_bytes,
				 const uint8_t* links,
				 size_t links_bytes,
				 rw_words words);
void rw_code_delete(rw_code*);
// Hands the module's object code (`links` false) or that of its imports to `take`.
void rw_object(const rw_code*,
			   bool links,
			   void (*take)(void* env, const uint8_t* bytes, size_t count),
			   void* env);

// Links, instantiates and runs the start function; null when that failed as `end` says.
rw_instance* rw_instantiate(const rw_code*,
							rw_host host,
							void* env,
							uint64_t max_pages,
							uint64_t max_elements,
							int32_t* end,
							rw_words words);
void rw_instance_delete(rw_instance*);

const rw_func* rw_lookup(const rw_instance*, const char* name, size_t name_bytes);
// Arguments and results must fit the function's type; results must be zeros.
int32_t rw_call(rw_instance*, const rw_func*, const rw_slot* args, rw_slot* results, rw_words words);
uint8_t* rw_memory(const rw_instance*, size_t* bytes);
// Kind of an exported global (1 i32, 2 i64, 3 f32, 4 f64, 5 function reference, 6 other reference; 0 for
// anything else) and its bits.
uint8_t rw_global(const rw_instance*, const char* name, size_t name_bytes, uint64_t* bits);
}
