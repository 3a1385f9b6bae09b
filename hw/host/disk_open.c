/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From what the user asks for to a store: files, their formats, who else uses them. */
#include "hw/host/disk_store.h"

#include "hw/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- for all kinds --- */

void *disk_store_allocate(size_t size, const struct disk_store_kind *kind, const char *name,
                          struct error *error)
{
    struct disk_store *s = calloc(1, size);
    char *copy = strdup(name);
    if (!s || !copy) {
        free(s);
        free(copy);
        error_set(error, "the host is out of memory");
        return NULL;
    }
    s->kind = kind;
    s->name = copy;
    return s;
}

void disk_store_close(struct disk_store *s)
{
    s->kind->close(s);
    free(s->name);
    free(s);
}

uint64_t disk_store_stamp(struct disk_store *s)
{
    return s->kind->stamp ? s->kind->stamp(s) : 0;
}

void disk_note(const char *name, const char *format, ...)
{
    struct error line;
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    error_set(&line, "%s: %s", name, text);
    fprintf(stderr, "tessera: %s\n", line.text);
}

unsigned disk_sector_size(const struct drive *drive)
{
    return drive->cdrom ? 2048 : 512;
}

int disk_file_read(int fd, void *to, uint64_t offset, size_t size, size_t *done)
{
    *done = 0;
    while (*done < size) {
        ssize_t n = pread(fd, (uint8_t *)to + *done, size - *done, (off_t)(offset + *done));
        if (n < 0 && errno != EINTR)
            return errno;
        if (n == 0)
            break;
        *done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

int disk_file_write(int fd, const void *from, uint64_t offset, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t n = pwrite(fd, (const uint8_t *)from + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno != EINTR)
            return errno;
        done += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* --- formats --- */

/* By what they have at a certain offset. */
static const struct magic {
    const char *format;
    unsigned offset, length;
    const char *bytes;
} magics[] = {
    {"qcow2", 0, 8, "QFI\xfb\0\0\0\2"},
    {"qcow2", 0, 8, "QFI\xfb\0\0\0\3"},
    {"qcow", 0, 8, "QFI\xfb\0\0\0\1"},
    {"qed", 0, 4, "QED\0"},
    {"vmdk", 0, 4, "KDMV"},
    {"vmdk", 0, 4, "COWD"},
    {"vmdk", 0, 21, "# Disk DescriptorFile"},
    {"vdi", 0x40, 4, "\x7f\x10\xda\xbe"},
    {"vhdx", 0, 8, "vhdxfile"},
    {"vpc", 0, 8, "conectix"},
    {"parallels", 0, 16, "WithoutFreeSpace"},
    {"parallels", 0, 16, "WithouFreSpacExt"},
    {"luks", 0, 6, "LUKS\xba\xbe"},
};

const char *disk_probe(const uint8_t *head, size_t size)
{
    for (unsigned i = 0; i < sizeof magics / sizeof *magics; i++) {
        const struct magic *m = &magics[i];
        if (m->offset + m->length <= size && memcmp(head + m->offset, m->bytes, m->length) == 0)
            return m->format;
    }
    return "raw";
}

static const char *format_of(const struct drive *drive, int fd, struct error *error)
{
    uint8_t head[DISK_PROBE_SIZE];
    size_t size;
    if (drive->format)
        return drive->format;
    int failed = disk_file_read(fd, head, 0, sizeof head, &size);
    if (!failed)
        return disk_probe(head, size);
    error_set(error, "%s: %s", drive->file, strerror(failed));
    return NULL;
}

/* --- who else uses it --- */

/*
 * As QEMU does it, which is thereby kept out, and keeps us out: of bytes from 100 on those are
 * locked that stand for what we do, of those from 200 on those for what nobody else may do. A
 * lock is shared; that somebody has the other kind of the same is a conflict.
 */
enum { DOES = 100, FORBIDS = 200 };
enum { USE_READ = 1 << 0, USE_WRITE = 1 << 1, USE_RESIZE = 1 << 3, USES = 4 };

static bool lock_byte(int fd, off_t byte)
{
    struct flock l = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &l) == 0 || (errno != EAGAIN && errno != EACCES);
}

static bool is_locked(int fd, off_t byte)
{
    struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, F_OFD_GETLK, &l) == 0 && l.l_type != F_UNLCK;
}

static bool lock_uses(int fd, unsigned uses, off_t first)
{
    bool good = true;
    for (unsigned i = 0; i < USES; i++)
        good = good && (!(uses & 1u << i) || lock_byte(fd, first + i));
    return good;
}

static bool uses_collide(int fd, unsigned uses, off_t first)
{
    bool collide = false;
    for (unsigned i = 0; i < USES; i++)
        collide = collide || (uses & 1u << i && is_locked(fd, first + i));
    return collide;
}

/* Where a file system has no locks there are none. */
static bool lock(int fd, bool read_only, const char *file, struct error *error)
{
    unsigned does = read_only ? USE_READ : USE_READ | USE_WRITE;
    unsigned forbids = USE_WRITE | USE_RESIZE;
    bool free = lock_uses(fd, does, DOES) && lock_uses(fd, forbids, FORBIDS) &&
                !uses_collide(fd, does, FORBIDS) && !uses_collide(fd, forbids, DOES);
    return free || error_set(error,
                             "%s: is in use: by another program, or twice by this one (many may "
                             "read, only one may write: readonly=on, snapshot=on)",
                             file);
}

/* --- files --- */

static bool is_refused(int error_number)
{
    return error_number == EACCES || error_number == EPERM || error_number == EROFS;
}

/* A FIFO is not waited for. */
static int open_for(const char *file, bool read_only)
{
    return open(file, (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK);
}

static int open_file(const char *file, bool *read_only, struct error *error)
{
    int fd = open_for(file, *read_only), why = errno;
    if (fd < 0 && !*read_only && is_refused(why)) {
        fd = open_for(file, true);
        *read_only = fd >= 0;
        if (fd >= 0)
            disk_note(file, "can only be read: %s", strerror(why));
    }
    if (fd < 0)
        error_set(error, "%s: %s", file, strerror(why));
    return fd;
}

static bool check_type(int fd, const char *file, struct error *error)
{
    struct stat s;
    if (fstat(fd, &s) != 0)
        return error_set(error, "%s: %s", file, strerror(errno));
    if (S_ISDIR(s.st_mode))
        return error_set(error, "%s: is a directory", file);
    return S_ISREG(s.st_mode) || S_ISBLK(s.st_mode) ||
           error_set(error, "%s: is neither a file nor a block device", file);
}

/*
 * Takes the descriptor over. A raw image is opened; of another one NULL comes back, and its format
 * in *other, which is NULL otherwise.
 */
static struct disk_store *open_raw(const struct drive *drive, int fd, bool read_only,
                                   const char **other, struct error *error)
{
    const char *format = NULL;
    if (check_type(fd, drive->file, error) && lock(fd, read_only, drive->file, error))
        format = format_of(drive, fd, error);
    bool is_raw = format && strcmp(format, "raw") == 0;
    *other = is_raw ? NULL : format;
    if (is_raw)
        return disk_raw_open(drive, fd, read_only, error);
    close(fd);
    return NULL;
}

static struct disk_store *open_local(const struct drive *drive, bool read_only, struct error *error)
{
    const char *other = NULL;
    int fd = open_file(drive->file, &read_only, error);
    struct disk_store *s = fd >= 0 ? open_raw(drive, fd, read_only, &other, error) : NULL;
    return other ? disk_server_open(drive, other, read_only, error) : s;
}

struct disk_store *disk_store_open_later(const struct drive *drive, int fd, bool read_only,
                                         struct error *error)
{
    const char *other;
    struct disk_store *s = open_raw(drive, fd, read_only, &other, error);
    if (other)
        error_set(error, "%s: is a %s image; only raw ones can be put in while a guest runs",
                  drive->file, other);
    return s;
}

struct disk_store *disk_store_open(const struct drive *drive, struct error *error)
{
    bool read_only = drive->read_only || drive->cdrom;
    bool reads = read_only || drive->snapshot;
    struct disk_store *s = disk_nbd_is_address(drive->file) ? disk_nbd_open(drive, reads, error)
                                                            : open_local(drive, reads, error);
    return s && drive->snapshot && !read_only ? disk_overlay_open(s, error) : s;
}
