// From code to results.

#include <memory>
#include <new>
#include <string>
#include <vector>
#include "RuntimePrivate.h"
#include "WAVM/IR/Types.h"
#include "WAVM/IR/Value.h"
#include "code.h"

using namespace WAVM;
using namespace WAVM::Runtime;

static_assert(sizeof(rw_slot) == sizeof(IR::UntaggedValue), "slots are WAVM's values");

struct rw_instance
{
	// Everything of an instance lives in a compartment of its own, and ends with it.
	GCPointer<Compartment> compartment;
	GCPointer<Context> context;
	GCPointer<Instance> instance;
	Memory* memory = nullptr;
	rw_host host = nullptr;
	void* env = nullptr;

	~rw_instance()
	{
		instance = nullptr;
		context = nullptr;
		tryCollectCompartment(std::move(compartment));
	}
};

// The instance this thread runs. Host functions do not call guests, so there is at most one.
static thread_local rw_instance* running = nullptr;

namespace {
	struct Running
	{
		explicit Running(rw_instance* instance) { running = instance; }
		~Running() { running = nullptr; }
	};
}

// The native function behind every import: the import's number is the first argument.
static void* callHost(const IR::UntaggedValue* args, IR::UntaggedValue* results)
{
	rw_instance* instance = running;
	U8* memory = nullptr;
	size_t bytes = 0;
	if(instance->memory)
	{
		memory = getMemoryBaseAddress(instance->memory);
		bytes = getMemoryNumPages(instance->memory) * IR::numBytesPerPage;
	}
	if(instance->host(instance->env, args[0].u64, (const rw_slot*)(args + 1), (rw_slot*)results, memory, bytes))
	{
		// Only the kind matters; the host knows the rest.
		throwException(ExceptionTypes::calledAbort);
	}
	return nullptr;
}

static rw_end endOf(Exception* exception, rw_words words)
{
	std::unique_ptr<Exception, void (*)(Exception*)> owned(exception, destroyException);
	ExceptionType* type = getExceptionType(exception);
	if(type == ExceptionTypes::reachedUnreachable) { return RW_UNREACHABLE; }
	if(type == ExceptionTypes::outOfBoundsMemoryAccess) { return RW_MEMORY_BOUNDS; }
	if(type == ExceptionTypes::outOfBoundsDataSegmentAccess) { return RW_MEMORY_BOUNDS; }
	if(type == ExceptionTypes::outOfBoundsTableAccess) { return RW_TABLE_BOUNDS; }
	if(type == ExceptionTypes::outOfBoundsElemSegmentAccess) { return RW_TABLE_BOUNDS; }
	if(type == ExceptionTypes::uninitializedTableElement) { return RW_NULL; }
	if(type == ExceptionTypes::indirectCallSignatureMismatch) { return RW_SIGNATURE; }
	if(type == ExceptionTypes::integerDivideByZeroOrOverflow) { return RW_DIVIDE_BY_ZERO; }
	if(type == runoff::integerOverflow()) { return RW_OVERFLOW; }
	if(type == ExceptionTypes::invalidFloatOperation) { return RW_NAN; }
	if(type == ExceptionTypes::stackOverflow) { return RW_STACK; }
	if(type == ExceptionTypes::calledAbort) { return RW_HOST; }
	runoff::say(words, describeExceptionType(type));
	return type == ExceptionTypes::outOfMemory ? RW_OUT_OF_MEMORY : RW_OTHER;
}

// `invokeFunction` makes exceptions of signals, so that catching exceptions is all there is left.
static rw_end invoke(rw_instance* instance,
					 const Function* function,
					 const rw_slot* args,
					 rw_slot* results,
					 rw_words words)
{
	Running mark(instance);
	try
	{
		invokeFunction(instance->context,
					   function,
					   getFunctionType(function),
					   (const IR::UntaggedValue*)args,
					   (IR::UntaggedValue*)results);
		return RW_OK;
	}
	catch(Exception* exception)
	{
		return endOf(exception, words);
	}
}

static ImportBindings link(const rw_code* code, Compartment* compartment)
{
	ImportBindings imports;
	if(!code->links) { return imports; }
	const Uptr count = getModuleIR(code->links).functions.imports.size();
	std::vector<FunctionImportBinding> natives(count, FunctionImportBinding((void*)&callHost));
	Instance* links = instantiateModuleInternal(
		compartment, code->links, std::move(natives), {}, {}, {}, {}, "links");
	for(Object* function : getInstanceExports(links)) { imports.push_back(function); }
	return imports;
}

static const Object* exportOf(const rw_instance* instance, const char* name, size_t bytes)
{
	return getInstanceExport(instance->instance, std::string(name, bytes));
}

extern "C" {

rw_instance* rw_instantiate(const rw_code* code,
							rw_host host,
							void* env,
							uint64_t max_pages,
							uint64_t max_elements,
							int32_t* end,
							rw_words words)
{
	*end = RW_OTHER;
	auto made = std::make_unique<rw_instance>();
	made->compartment = createCompartment();
	made->context = createContext(made->compartment);
	made->host = host;
	made->env = env;
	if(!made->context)
	{
		runoff::say(words, "no context");
		return nullptr;
	}
	try
	{
		ResourceQuotaRef quota = createResourceQuota();
		setResourceQuotaMaxMemoryPages(quota, max_pages);
		setResourceQuotaMaxTableElems(quota, max_elements);
		made->instance = instantiateModule(
			made->compartment, code->module, link(code, made->compartment), "guest", quota);
	}
	catch(Exception* exception)
	{
		*end = endOf(exception, words);
		return nullptr;
	}
	made->memory = getDefaultMemory(made->instance);
	const Function* start = getStartFunction(made->instance);
	*end = start ? invoke(made.get(), start, nullptr, nullptr, words) : RW_OK;
	return *end == RW_OK ? made.release() : nullptr;
}

void rw_instance_delete(rw_instance* instance) { delete instance; }

const rw_func* rw_lookup(const rw_instance* instance, const char* name, size_t name_bytes)
{
	const Object* found = exportOf(instance, name, name_bytes);
	return (const rw_func*)(found ? asFunctionNullable(found) : nullptr);
}

int32_t rw_call(rw_instance* instance,
				const rw_func* func,
				const rw_slot* args,
				rw_slot* results,
				rw_words words)
{
	return invoke(instance, (const Function*)func, args, results, words);
}

uint8_t* rw_memory(const rw_instance* instance, size_t* bytes)
{
	if(!instance->memory) { return nullptr; }
	*bytes = getMemoryNumPages(instance->memory) * IR::numBytesPerPage;
	return getMemoryBaseAddress(instance->memory);
}

uint8_t rw_global(const rw_instance* instance, const char* name, size_t name_bytes, uint64_t* bits)
{
	const Object* found = exportOf(instance, name, name_bytes);
	const Global* global = found ? asGlobalNullable(found) : nullptr;
	if(!global) { return 0; }
	const IR::Value value = getGlobalValue(instance->context, global);
	switch(value.type)
	{
	case IR::ValueType::i32: *bits = value.u32; return 1;
	case IR::ValueType::i64: *bits = value.u64; return 2;
	case IR::ValueType::f32: *bits = value.u32; return 3;
	case IR::ValueType::f64: *bits = value.u64; return 4;
	case IR::ValueType::funcref: *bits = value.u64; return 5;
	case IR::ValueType::anyref: *bits = value.u64; return 6;
	default: return 0;
	}
}
}
