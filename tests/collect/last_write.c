/* Preloaded into the refreshes of test_faults: the nth call to the system that writes is the last thing a process does.
 *
 * A write is done to the half; any other call is done or not, as the count's last bit says. What counts is every call
 * of the process, whether Python, SQLite or zlib makes it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long left = -1, seen = 0;

void last_write_arm(long count) { atomic_store(&seen, 0); atomic_store(&left, count); }

static int last(void) {
    atomic_fetch_add(&seen, 1);
    if (atomic_load(&left) <= 0) return 0;
    return atomic_fetch_sub(&left, 1) == 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void *data, size_t size) {
    if (last()) { REAL(write)(file, data, size / 2); _exit(137); }
    return REAL(write)(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t place) {
    if (last()) { REAL(pwrite)(file, data, size / 2, place); _exit(137); }
    return REAL(pwrite)(file, data, size, place);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t place) {
    if (last()) { REAL(pwrite64)(file, data, size / 2, place); _exit(137); }
    return REAL(pwrite64)(file, data, size, place);
}

#define WRAP(name, given, passed) \
    int name given { \
        if (last()) { if (atomic_load(&seen) & 1) REAL(name) passed; _exit(137); } \
        return REAL(name) passed; \
    }

WRAP(fsync, (int file), (file))
WRAP(fdatasync, (int file), (file))
WRAP(ftruncate, (int file, off_t size), (file, size))
WRAP(ftruncate64, (int file, off64_t size), (file, size))
WRAP(rename, (const char *from, const char *to), (from, to))
WRAP(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(unlink, (const char *path), (path))
WRAP(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
WRAP(rmdir, (const char *path), (path))
WRAP(mkdir, (const char *path, mode_t mode), (path, mode))
WRAP(mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))
WRAP(symlink, (const char *goal, const char *path), (goal, path))
WRAP(symlinkat, (const char *goal, int folder, const char *path), (goal, folder, path))
