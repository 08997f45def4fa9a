/* Preloaded library that records every change of files below one folder, from which powercut.py computes the possible
 * contents of the disk after a power cut; can also let the n-th change fail, for faults.py.
 *
 *     gcc -shared -fPIC -O2 -o recorder.so recorder.c -ldl        LD_PRELOAD=recorder.so python …
 *
 * recorder_watch(folder, log)   from now on; "" as log: record nothing
 * recorder_fail(n, error, for_ever, half)   let change n (from now, from 1) fail; half: write half of it first
 * recorder_count()              changes since recorder_fail
 * recorder_say(number)          record that save `number` was acknowledged
 *
 * One record: kind, lengths of two names (u16), offset (i64), length of data (u32); then names and data.
 * C create · W write · T truncate · S sync · U unlink · R rename · L link · A acknowledged                          */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define HANDLES 1024
#define REAL(function) \
  ((__typeof__(&function))({ static void *it; if (!it) it = dlsym(RTLD_NEXT, #function); it; }))

static char folder[PATH_MAX], *names[HANDLES];
static size_t folder_length;
static int out = -1, fault_error, fault_for_ever, fault_half;
static long fault_at, count;

void recorder_watch(const char *path, const char *log) {
  snprintf(folder, sizeof folder, "%s", path);
  folder_length = strlen(folder);
  if (!*log) return;
  int handle = REAL(open)(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  out = fcntl(handle, F_DUPFD_CLOEXEC, 500);
  REAL(close)(handle);
}

void recorder_fail(long n, int error, int for_ever, int half) {
  fault_at = n; fault_error = error; fault_for_ever = for_ever; fault_half = half; count = 0;
}

long recorder_count(void) { return count; }

static const char *below(const char *path, char *room) { /* name inside the folder, or NULL */
  if (!folder_length || !path) return NULL;
  if (path[0] != '/') {
    if (!getcwd(room, PATH_MAX)) return NULL;
    size_t length = strlen(room);
    snprintf(room + length, PATH_MAX - length, "/%s", path);
    path = room;
  }
  if (strncmp(path, folder, folder_length)) return NULL;
  return path[folder_length] == '/' ? path + folder_length + 1 : path[folder_length] ? NULL : ".";
}

static void record(char kind, const char *name, const char *other, int64_t offset, const void *data, uint32_t size) {
  if (out < 0) return;
  uint16_t length = name ? strlen(name) : 0, other_length = other ? strlen(other) : 0;
  char head[17] = {kind};
  memcpy(head + 1, &length, 2); memcpy(head + 3, &other_length, 2);
  memcpy(head + 5, &offset, 8); memcpy(head + 13, &size, 4);
  struct iovec parts[] = {{head, 17}, {(void *)name, length}, {(void *)other, other_length}, {(void *)data, size}};
  if (writev(out, parts, 4) < 0) abort();
}

void recorder_say(long number) { record('A', NULL, NULL, number, NULL, 0); }

static int fails(void) {
  if (!fault_at) return 0;
  count++;
  return count == fault_at || (fault_for_ever && count > fault_at);
}
#define FAIL_IF(name) if ((name) && fails()) { errno = fault_error; return -1; }

/* -- opening ------------------------------------------------------------------------------------------------------ */

static int opened(int handle, const char *name, int flags, int existed) {
  if (handle < 0 || handle >= HANDLES) return handle;
  free(names[handle]);
  names[handle] = name ? strdup(name) : NULL;
  if (name && (flags & O_CREAT) && !existed) record('C', name, NULL, 0, NULL, 0);
  if (name && (flags & O_TRUNC) && existed) record('T', name, NULL, 0, NULL, 0);
  return handle;
}

#define OPEN(function, before, ...)                                                        \
  mode_t mode = 0;                                                                         \
  if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, int); va_end(more); } \
  char room[PATH_MAX];                                                                     \
  struct stat there;                                                                       \
  const char *name = below(path, room);                                                    \
  int existed = name && !stat(path, &there);                                               \
  if (name && (flags & O_CREAT) && !existed) FAIL_IF(name)                                 \
  return opened(REAL(function)(__VA_ARGS__), name, flags, existed)

int open(const char *path, int flags, ...) { OPEN(open, , path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN(open64, , path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { OPEN(openat, , at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { OPEN(openat64, , at, path, flags, mode); }

int close(int handle) {
  if (handle == out && out >= 0) { errno = EBADF; return -1; }
  if (handle >= 0 && handle < HANDLES) { free(names[handle]); names[handle] = NULL; }
  return REAL(close)(handle);
}

/* -- writing ------------------------------------------------------------------------------------------------------ */

static const char *name_of(int handle) { return handle >= 0 && handle < HANDLES ? names[handle] : NULL; }

static ssize_t put(int handle, const void *data, size_t size, off64_t offset, int at_offset) {
  const char *name = name_of(handle);
  if (name && !at_offset) offset = lseek64(handle, 0, SEEK_CUR);
  if (name && fails()) {
    if (!fault_half || size < 2) { errno = fault_error; return -1; }
    size /= 2;
  }
  ssize_t done = at_offset ? REAL(pwrite64)(handle, data, size, offset) : REAL(write)(handle, data, size);
  if (name && done > 0) record('W', name, NULL, offset, data, done);
  return done;
}

ssize_t write(int handle, const void *data, size_t size) { return put(handle, data, size, 0, 0); }
ssize_t pwrite(int handle, const void *data, size_t size, off_t offset) { return put(handle, data, size, offset, 1); }
ssize_t pwrite64(int handle, const void *data, size_t size, off64_t at) { return put(handle, data, size, at, 1); }

#define CHANGE(name, kind, offset, call) \
  FAIL_IF(name) int answer = call; if (!answer && (name)) record(kind, name, NULL, offset, NULL, 0); return answer

int ftruncate(int handle, off_t size) {
  const char *name = name_of(handle);
  CHANGE(name, 'T', size, REAL(ftruncate)(handle, size));
}
int ftruncate64(int handle, off64_t size) {
  const char *name = name_of(handle);
  CHANGE(name, 'T', size, REAL(ftruncate64)(handle, size));
}

/* Records the sync instead of performing it, which saves time: powercut.py simulates the disk. */
int fsync(int handle) {
  const char *name = name_of(handle);
  CHANGE(name, 'S', 0, name && out >= 0 ? 0 : REAL(fsync)(handle));
}
int fdatasync(int handle) {
  const char *name = name_of(handle);
  CHANGE(name, 'S', 0, name && out >= 0 ? 0 : REAL(fdatasync)(handle));
}

/* -- names -------------------------------------------------------------------------------------------------------- */

int unlink(const char *path) {
  char room[PATH_MAX];
  const char *name = below(path, room);
  CHANGE(name, 'U', 0, REAL(unlink)(path));
}

#define TWO_NAMES(kind, function)                                     \
  char one[PATH_MAX], two[PATH_MAX];                                  \
  const char *name = below(from, one), *other = below(to, two);       \
  FAIL_IF(name)                                                       \
  int answer = REAL(function)(from, to);                              \
  if (!answer && name && other) record(kind, name, other, 0, NULL, 0); \
  return answer

int rename(const char *from, const char *to) { TWO_NAMES('R', rename); }
int link(const char *from, const char *to) { TWO_NAMES('L', link); }
