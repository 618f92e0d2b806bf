// From bytes to code.

#include <string.h>
#include <memory>
#include <new>
#include <vector>
#include "WAVM/IR/FeatureSpec.h"
#include "WAVM/IR/Operators.h"
#include "WAVM/IR/Types.h"
#include "WAVM/Inline/Serialization.h"
#include "WAVM/LLVMJIT/LLVMJIT.h"
#include "WAVM/Platform/Signal.h"
#include "WAVM/WASM/WASM.h"
#include "code.h"

#include <llvm/Object/ObjectFile.h>

using namespace WAVM;

void runoff::say(rw_words words, const std::string& text)
{
	if(!words.capacity) { return; }
	const size_t count = text.size() < words.capacity ? text.size() : words.capacity - 1;
	memcpy(words.text, text.data(), count);
	words.text[count] = 0;
}

// What WAVM has as it is today. Its vectors and exceptions are those of drafts.
static IR::FeatureSpec features()
{
	IR::FeatureSpec spec(IR::FeatureLevel::mature);
	spec.multipleResultsAndBlockParams = true;
	spec.referenceTypes = true;
	return spec;
}

// A module that leads from each import of `ir` to the host: a function of the import's type calls a native
// one with the import's number before the arguments.
static std::unique_ptr<IR::Module> linksOf(const IR::Module& ir)
{
	if(ir.functions.imports.empty()) { return nullptr; }
	auto links = std::make_unique<IR::Module>(IR::FeatureSpec(IR::FeatureLevel::wavm));
	links->featureSpec.nonWASMFunctionTypes = true;
	const Uptr count = ir.functions.imports.size();
	std::vector<IR::FunctionType> types;
	for(const auto& import : ir.functions.imports)
	{
		const IR::FunctionType type = ir.types[import.type.index];
		std::vector<IR::ValueType> params{IR::ValueType::i64};
		for(IR::ValueType param : type.params()) { params.push_back(param); }
		const Uptr index = types.size();
		types.push_back(type);
		links->types.push_back(IR::FunctionType(
			type.results(), IR::TypeTuple(params), IR::CallingConvention::cAPICallback));
		links->functions.imports.push_back({{index}, "", std::to_string(index)});
		links->imports.push_back({IR::ExternKind::function, index});
	}
	for(Uptr index = 0; index < count; ++index)
	{
		Serialization::ArrayOutputStream code;
		IR::OperatorEncoderStream encoder(code);
		encoder.i64_const({I64(index)});
		for(Uptr param = 0; param < types[index].params().size(); ++param)
		{ encoder.local_get({param}); }
		encoder.call({index});
		encoder.end();
		links->types.push_back(types[index]);
		links->functions.defs.push_back({{count + index}, {}, code.getBytes(), {}});
		links->exports.push_back(
			{std::to_string(index), IR::ExternKind::function, count + index});
	}
	return links;
}

static bool isObject(const std::vector<U8>& bytes, rw_words words)
{
	const llvm::StringRef text((const char*)bytes.data(), bytes.size());
	auto object = llvm::object::ObjectFile::createObjectFile(llvm::MemoryBufferRef(text, "saved"));
	if(object) { return true; }
	runoff::say(words, llvm::toString(object.takeError()));
	return false;
}

extern "C" {

bool rw_init()
{
	const auto target = LLVMJIT::validateTarget(LLVMJIT::getHostTargetSpec(), features());
	Platform::catchSignals(
		[](void*) {}, [](void*, Platform::Signal, Platform::CallStack&&) { return false; }, nullptr);
	return target == LLVMJIT::TargetValidationResult::valid;
}

uint32_t rw_llvm_version()
{
	const LLVMJIT::Version version = LLVMJIT::getVersion();
	return U32(version.llvmMajor * 10000 + version.llvmMinor * 100 + version.llvmPatch);
}

void rw_cpu(rw_words words) { runoff::say(words, LLVMJIT::getHostTargetSpec().cpu); }

rw_ir* rw_parse(const uint8_t* wasm, size_t bytes, rw_words words)
{
	try
	{
		auto ir = std::make_unique<rw_ir>(features());
		WASM::LoadError error;
		if(WASM::loadBinaryModule(wasm, bytes, ir->module, &error)) { return ir.release(); }
		runoff::say(words, error.message);
	}
	catch(const std::bad_alloc&)
	{
		runoff::say(words, "out of memory");
	}
	return nullptr;
}

void rw_ir_delete(rw_ir* ir) { delete ir; }

rw_code* rw_compile(const rw_ir* ir, rw_words words)
{
	try
	{
		auto code = std::make_unique<rw_code>();
		code->module = Runtime::compileModule(ir->module);
		if(auto links = linksOf(ir->module)) { code->links = Runtime::compileModule(*links); }
		return code.release();
	}
	catch(const std::bad_alloc&)
	{
		runoff::say(words, "out of memory");
		return nullptr;
	}
}

rw_code* rw_load(const rw_ir* ir,
				 const uint8_t* object,
				 size_t object_bytes,
				 const uint8_t* links,
				 size_t links_bytes,
				 rw_words words)
{
	try
	{
		auto code = std::make_unique<rw_code>();
		const std::vector<U8> own(object, object + object_bytes);
		if(!isObject(own, words)) { return nullptr; }
		code->module = Runtime::loadPrecompiledModule(ir->module, own);
		if(auto linksIR = linksOf(ir->module))
		{
			const std::vector<U8> bytes(links, links + links_bytes);
			if(!isObject(bytes, words)) { return nullptr; }
			code->links = Runtime::loadPrecompiledModule(*linksIR, bytes);
		}
		return code.release();
	}
	catch(const std::bad_alloc&)
	{
		runoff::say(words, "out of memory");
		return nullptr;
	}
}

void rw_code_delete(rw_code* code) { delete code; }

void rw_object(const rw_code* code,
			   bool links,
			   void (*take)(void* env, const uint8_t* bytes, size_t count),
			   void* env)
{
	const Runtime::ModuleRef& module = links ? code->links : code->module;
	const std::vector<U8> bytes = module ? Runtime::getObjectCode(module) : std::vector<U8>();
	take(env, bytes.data(), bytes.size());
}
}
