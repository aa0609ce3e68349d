#include <archive.h>
#include <archive_entry.h>
// libarchive does not check the checksum that ends a gzip member, so layers are inflated before it sees them.
#include <zlib.h>
#include <zstd.h>
