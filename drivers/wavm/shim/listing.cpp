// What a module says of itself.

#include <string>
#include "WAVM/IR/Types.h"
#include "code.h"

using namespace WAVM;

static void addLetters(std::string& letters, IR::TypeTuple types)
{
	for(IR::ValueType type : types)
	{
		switch(type)
		{
		case IR::ValueType::i32: letters += 'i'; break;
		case IR::ValueType::i64: letters += 'l'; break;
		case IR::ValueType::f32: letters += 'f'; break;
		case IR::ValueType::f64: letters += 'd'; break;
		case IR::ValueType::funcref: letters += 'r'; break;
		case IR::ValueType::anyref: letters += 'x'; break;
		default: letters += '?';
		}
	}
}

static std::string typeOf(const IR::Module& ir, IR::ExternKind kind, Uptr index)
{
	std::string letters;
	if(kind == IR::ExternKind::function)
	{
		const IR::FunctionType type = ir.types[ir.functions.getType(index).index];
		addLetters(letters, type.params());
		letters += ':';
		addLetters(letters, type.results());
	}
	return letters;
}

using Take = void (*)(void* env, const rw_extern*);

// The two names of an import; exception types cannot be imported with the features that are on.
static bool nameImport(const IR::Module& ir, IR::KindAndIndex import, rw_extern& one)
{
	const auto put = [&one](const auto& named) {
		one.module = named.moduleName.data();
		one.module_bytes = named.moduleName.size();
		one.name = named.exportName.data();
		one.name_bytes = named.exportName.size();
		return true;
	};
	switch(import.kind)
	{
	case IR::ExternKind::function: return put(ir.functions.imports[import.index]);
	case IR::ExternKind::table: return put(ir.tables.imports[import.index]);
	case IR::ExternKind::memory: return put(ir.memories.imports[import.index]);
	case IR::ExternKind::global: return put(ir.globals.imports[import.index]);
	default: return false;
	}
}

static void hand(rw_extern& one, const IR::Module& ir, IR::ExternKind kind, Uptr index, Take take, void* env)
{
	const std::string type = typeOf(ir, kind, index);
	one.kind = uint8_t(kind);
	one.type = type.data();
	one.type_bytes = type.size();
	take(env, &one);
}

extern "C" {

uint64_t rw_memory_min(const rw_ir* ir)
{
	const auto& memories = ir->module.memories.defs;
	return memories.empty() ? 0 : memories[0].type.size.min * IR::numBytesPerPage;
}

uint64_t rw_table_min(const rw_ir* ir)
{
	U64 min = 0;
	for(const auto& table : ir->module.tables.defs)
	{ min = table.type.size.min > min ? table.type.size.min : min; }
	return min;
}

void rw_list(const rw_ir* ir, void (*take)(void* env, const rw_extern*), void* env)
{
	for(const IR::KindAndIndex& import : ir->module.imports)
	{
		rw_extern one{};
		if(nameImport(ir->module, import, one))
		{ hand(one, ir->module, import.kind, import.index, take, env); }
	}
	for(const IR::Export& exported : ir->module.exports)
	{
		rw_extern one{};
		one.name = exported.name.data();
		one.name_bytes = exported.name.size();
		hand(one, ir->module, exported.kind, exported.index, take, env);
	}
}
}
