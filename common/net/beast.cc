// Beast's own functions, compiled here and nowhere else.
#include <boost/beast/src.hpp>
