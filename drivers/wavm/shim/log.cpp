// WAVM's log: errors go to standard error, the rest nowhere. Its own brings a file system along.

#include "WAVM/Logging/Logging.h"
#include <stdarg.h>
#include <stdio.h>

using namespace WAVM;

void Log::setCategoryEnabled(Category, bool) {}

bool Log::isCategoryEnabled(Category category) { return category == error; }

void Log::vprintf(Category category, const char* format, va_list arguments)
{
	if(isCategoryEnabled(category)) { vfprintf(stderr, format, arguments); }
}

void Log::printf(Category category, const char* format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vprintf(category, format, arguments);
	va_end(arguments);
}

void Log::setOutputFunction(OutputFunction*) {}
