/* Loaded before a program's own libraries, it remembers what each write replaces in files under one folder until the file
 * is flushed, so that a loss of power can be played: whoever killed the program puts back what was not flushed. It can
 * also play a disk that is full or gone. What lies outside the folder is left alone.
 *
 *   POWER_DATA   the folder
 *   POWER_STATE  a file of one letter: w works; f takes no writes; g takes no growth; x is gone
 *   POWER_UNDO   where to remember, one file for each inode; without it nothing is remembered
 *   POWER_LIES   the flush of a SQLite log (-wal) does nothing until the database itself is written, which is what
 *                synchronous=NORMAL makes of a commit
 *
 * A record is offset, length of what follows, size of the file before; then the bytes that stood there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *data, *undo;
static volatile const char *state;
static int lies;
/* How much of the log's memory a flush that lied would have let go. */
static off_t lied;
static pthread_mutex_t turns[64];

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwritev)(int, const struct iovec *, int, off_t);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_rename)(const char *, const char *);

/* Other libraries may write before it is this one's turn to begin. */
__attribute__((constructor)) static void begin(void) {
  static int begun;
  if (begun) return;
  begun = 1;
  real_write = dlsym(RTLD_NEXT, "write");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_pwritev = dlsym(RTLD_NEXT, "pwritev64");
  real_read = dlsym(RTLD_NEXT, "read");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  real_rename = dlsym(RTLD_NEXT, "rename");
  for (int i = 0; i < 64; i++) pthread_mutex_init(&turns[i], NULL);
  undo = getenv("POWER_UNDO");
  lies = getenv("POWER_LIES") != NULL;
  const char *path = getenv("POWER_STATE");
  int fd = path ? open(path, O_RDONLY) : -1;
  if (fd >= 0) {
    void *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
    if (page != MAP_FAILED) state = page;
    close(fd);
  }
  data = state ? getenv("POWER_DATA") : NULL;
}

static int ends(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int under(const char *path) {
  size_t length = strlen(data);
  return strncmp(path, data, length) == 0 && path[length] == '/';
}

/* Whether the file is one of ours. The shared memory of SQLite (-shm) is made anew after a loss of power. */
static int ours(int fd, struct stat *is, char path[PATH_MAX]) {
  if (!data || fstat(fd, is) != 0 || !S_ISREG(is->st_mode)) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return under(path) && !ends(path, "-shm") && !ends(path, " (deleted)");
}

static pthread_mutex_t *turn(ino_t inode) { return &turns[inode % 64]; }

static void memory(char path[PATH_MAX], ino_t inode, const char *kind) {
  snprintf(path, PATH_MAX, "%s/%ju%s", undo, (uintmax_t)inode, kind);
}

static void forget(ino_t inode) {
  char path[PATH_MAX];
  memory(path, inode, "");
  real_unlink(path);
  memory(path, inode, ".kept");
  real_unlink(path);
}

/* What stands in a file where something is about to be written; the caller has the turn. */
static void remember(int fd, const struct stat *is, off_t at, size_t length) {
  size_t old = at >= is->st_size ? 0 : is->st_size - at < (off_t)length ? (size_t)(is->st_size - at) : length;
  char *record = malloc(24 + old), path[PATH_MAX];
  int64_t head[3] = {at, old, is->st_size};
  memcpy(record, head, 24);
  /* A file that was opened for writing alone is read by another way; never one of SQLite's, because closing that way would
   * end the process's locks on the file. */
  int own = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR, reader = fd;
  if (old && !own) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    reader = open(link, O_RDONLY | O_CLOEXEC);
  }
  if (old && real_pread(reader, record + 24, old, at) != (ssize_t)old) abort();
  if (reader != fd) close(reader);
  memory(path, is->st_ino, "");
  int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0 || real_write(log, record, 24 + old) != (ssize_t)(24 + old)) abort();
  close(log);
  free(record);
}

/* The database is written only when its log has been flushed: what that flush was asked for is true from now on. */
static void log_is_flushed(const char *database) {
  char path[PATH_MAX + 8];
  struct stat is;
  snprintf(path, sizeof path, "%s-wal", database);
  if (!lies || lied == 0 || stat(path, &is) != 0) return;
  char kept[PATH_MAX], text[32];
  memory(kept, is.st_ino, ".kept");
  int fd = open(kept, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  int length = snprintf(text, sizeof text, "%jd", (intmax_t)lied);
  if (fd < 0 || real_write(fd, text, length) != length) abort();
  close(fd);
  lied = 0;
}

/* Whether the disk takes a write that ends at `end`. */
static int takes(const struct stat *is, off_t end) {
  switch (*state) {
    case 'f': errno = ENOSPC; return 0;
    case 'g': errno = ENOSPC; return end <= is->st_size;
    case 'x': errno = EIO; return 0;
    default: return 1;
  }
}

static off_t where(int fd, const struct stat *is) {
  return fcntl(fd, F_GETFL) & O_APPEND ? is->st_size : lseek(fd, 0, SEEK_CUR);
}

#define WRITTEN(at, length, call)                                   \
  begin();                                                          \
  struct stat is;                                                   \
  char path[PATH_MAX];                                              \
  if (!ours(fd, &is, path)) return call;                            \
  pthread_mutex_t *mine = turn(is.st_ino);                          \
  pthread_mutex_lock(mine);                                         \
  fstat(fd, &is);                                                   \
  off_t place = (at);                                               \
  ssize_t done = -1;                                                \
  if (takes(&is, place + (off_t)(length))) {                        \
    if (undo) {                                                     \
      if (!ends(path, "-wal")) log_is_flushed(path);                \
      remember(fd, &is, place, length);                             \
    }                                                               \
    done = call;                                                    \
  }                                                                 \
  int cause = errno;                                                \
  pthread_mutex_unlock(mine);                                       \
  errno = cause;                                                    \
  return done;

ssize_t write(int fd, const void *bytes, size_t length) {
  WRITTEN(where(fd, &is), length, real_write(fd, bytes, length))
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
  WRITTEN(at, length, real_pwrite(fd, bytes, length, at))
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) __attribute__((alias("pwrite64")));

static size_t sum(const struct iovec *parts, int count) {
  size_t length = 0;
  for (int i = 0; i < count; i++) length += parts[i].iov_len;
  return length;
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) {
  WRITTEN(at, sum(parts, count), real_pwritev(fd, parts, count, at))
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) __attribute__((alias("pwritev64")));

static int cut(int fd, off_t length) {
  WRITTEN(length, is.st_size > length ? (size_t)(is.st_size - length) : 0, real_ftruncate(fd, length))
}
int ftruncate64(int fd, off_t length) { return cut(fd, length); }
int ftruncate(int fd, off_t length) { return cut(fd, length); }

static int flush(int fd, int (**of)(int)) {
  begin();
  int (*real)(int) = *of;
  struct stat is;
  char path[PATH_MAX];
  if (!ours(fd, &is, path)) return real(fd);
  if (*state == 'x') {
    errno = EIO;
    return -1;
  }
  if (!undo) return real(fd);
  int done = 0;
  pthread_mutex_t *mine = turn(is.st_ino);
  pthread_mutex_lock(mine);
  if (lies && ends(path, "-wal")) {
    char log[PATH_MAX];
    struct stat memorised;
    memory(log, is.st_ino, "");
    lied = stat(log, &memorised) == 0 ? memorised.st_size : 0;
  } else {
    done = real(fd);
    if (done == 0) forget(is.st_ino);
  }
  int cause = errno;
  pthread_mutex_unlock(mine);
  errno = cause;
  return done;
}
int fsync(int fd) { return flush(fd, &real_fsync); }
int fdatasync(int fd) { return flush(fd, &real_fdatasync); }

/* Another file may get the number of one that is gone. */
static void goes(const char *path) {
  begin();
  struct stat is;
  if (data && undo && under(path) && stat(path, &is) == 0 && is.st_nlink == 1) forget(is.st_ino);
}
int unlink(const char *path) {
  goes(path);
  return real_unlink(path);
}
int rename(const char *from, const char *to) {
  goes(to);
  return real_rename(from, to);
}

static int gives(int fd) {
  begin();
  struct stat is;
  char path[PATH_MAX];
  if (!state || *state != 'x' || !ours(fd, &is, path)) return 1;
  errno = EIO;
  return 0;
}
ssize_t read(int fd, void *bytes, size_t length) { return gives(fd) ? real_read(fd, bytes, length) : -1; }
ssize_t pread64(int fd, void *bytes, size_t length, off_t at) {
  return gives(fd) ? real_pread(fd, bytes, length, at) : -1;
}
ssize_t pread(int fd, void *bytes, size_t length, off_t at) __attribute__((alias("pread64")));
