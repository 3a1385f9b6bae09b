/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disks' files: what is opened how, what is refused, requests through the thread, NBD. */
#include "hw/host/disk.h"
#include "hw/host/disk_store.h"
#include "hw/options.h"
#include "tests/hw/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static char folder[] = "/tmp/tessera-disk-XXXXXX";
static char path[64];
static struct drive drive;
static struct error error;
static int ready_fd;
static struct disk_owner owner;

static void ready(void *where)
{
    static const uint64_t one = 1;
    (void)where;
    ck_assert_int_eq(write(ready_fd, &one, sizeof one), sizeof one);
}

static void make_file(const char *name, size_t size)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, (off_t)size), 0);
    close(fd);
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ready_fd = eventfd(0, EFD_CLOEXEC);
    owner = (struct disk_owner){ready, NULL};
    make_file("disk", SIZE);
    drive = (struct drive){.option = "-hda", .file = path};
    *error.text = 0;
}

static void teardown(void)
{
    char command[128];
    snprintf(command, sizeof command, "/bin/rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0); // NOLINT(bugprone-command-processor)
}

/* --- stores --- */

static struct disk_store *open_store(void)
{
    struct disk_store *s = disk_store_open(&drive, &error);
    ck_assert_msg(s != NULL, "%s", error.text);
    return s;
}

static void expect_refused(const char *why)
{
    ck_assert_ptr_null(disk_store_open(&drive, &error));
    if (!strstr(error.text, why))
        ck_abort_msg("%s", error.text);
    ck_assert_int_eq(strncmp(error.text, drive.file, strlen(drive.file)), 0);
}

static void fill(uint8_t *bytes, size_t size, unsigned seed)
{
    uint32_t random = seed;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)next_random(&random);
}

/* Random reads and writes against a copy in memory. */
static void exercise(struct disk_store *s, uint8_t *copy, unsigned seed)
{
    static uint8_t bytes[64 * 1024];
    uint32_t random = seed;
    for (unsigned i = 0; i < 300; i++) {
        size_t size = 512 * (1 + next_random(&random) % 128);
        uint64_t offset = 512 * (uint64_t)(next_random(&random) % (SIZE / 512));
        size = offset + size > SIZE ? (size_t)(SIZE - offset) : size;
        if (i % 2) {
            fill(bytes, size, i);
            memcpy(copy + offset, bytes, size);
            ck_assert_int_eq(s->kind->write(s, bytes, offset, size), 0);
        } else {
            ck_assert_int_eq(s->kind->read(s, bytes, offset, size), 0);
            ck_assert_mem_eq(bytes, copy + offset, size);
        }
    }
    ck_assert_int_eq(s->kind->flush(s), 0);
}

/* All that another program reads there. */
static void check_file(const uint8_t *copy)
{
    static uint8_t bytes[SIZE];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(read(fd, bytes, SIZE), SIZE);
    ck_assert_mem_eq(bytes, copy, SIZE);
    close(fd);
}

START_TEST(raw)
{
    static uint8_t copy[SIZE];
    struct disk_store *s = open_store();
    ck_assert_uint_eq(s->size, SIZE);
    ck_assert(!s->read_only);
    exercise(s, copy, 1);
    disk_store_close(s);
    check_file(copy);
}
END_TEST

START_TEST(a_snapshot_leaves_the_file_alone)
{
    static uint8_t copy[SIZE], zeros[SIZE];
    drive.snapshot = true;
    struct disk_store *s = open_store();
    ck_assert(!s->read_only);
    exercise(s, copy, 2);
    disk_store_close(s);
    check_file(zeros);
}
END_TEST

START_TEST(images_that_cannot_be)
{
    drive.file = folder;
    expect_refused("directory");
    drive.file = "/dev/null";
    expect_refused("neither a file nor a block device");
    drive.file = "/no-such-folder/disk";
    expect_refused("No such file");
    drive.file = path;
    make_file("empty", 0);
    expect_refused("is empty");
    ck_assert_int_eq(mkfifo(strcat(path, "-fifo"), 0600), 0);
    expect_refused("neither a file nor a block device");
    make_file("huge", 0);
    if (truncate(path, INT64_MAX) == 0) /* not on every file system */
        expect_refused("128 PiB");
}
END_TEST

/* The last sector is there, and the file grows to it when it is written. */
START_TEST(an_odd_size)
{
    uint8_t sector[512];
    struct stat status;
    make_file("odd", 1000);
    struct disk_store *s = open_store();
    ck_assert_uint_eq(s->size, 1024);
    memset(sector, 0xff, sizeof sector);
    ck_assert_int_eq(s->kind->read(s, sector, 512, 512), 0);
    ck_assert_uint_eq(sector[511], 0);
    ck_assert_int_eq(s->kind->write(s, sector, 512, 512), 0);
    disk_store_close(s);
    ck_assert_int_eq(stat(path, &status), 0);
    ck_assert_int_eq(status.st_size, 1024);
    drive.cdrom = true;
    s = open_store();
    ck_assert_uint_eq(s->size, 2048);
    ck_assert(s->read_only);
    disk_store_close(s);
}
END_TEST

START_TEST(a_file_that_shrinks)
{
    uint8_t sector[512];
    struct disk_store *s = open_store();
    ck_assert_int_eq(truncate(path, 1024), 0);
    ck_assert_int_eq(s->kind->read(s, sector, 512, 512), 0);
    ck_assert_int_eq(s->kind->read(s, sector, 1024, 512), EIO);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(s->kind->read(s, sector, 512, 512), 0);
    disk_store_close(s);
}
END_TEST

START_TEST(one_writes_alone)
{
    struct disk_store *s = open_store();
    expect_refused("is in use");
    drive.read_only = true;
    expect_refused("is in use");
    disk_store_close(s);
    s = open_store();
    struct disk_store *second = open_store();
    drive.read_only = false;
    expect_refused("is in use");
    drive.snapshot = true;
    struct disk_store *third = open_store();
    disk_store_close(s);
    disk_store_close(second);
    disk_store_close(third);
}
END_TEST

/* A guest does not choose what its disk is taken for the next time. */
START_TEST(a_raw_disk_stays_raw)
{
    static const uint8_t qcow2[1024] = "QFI\xfb\0\0\0\3", zeros[1024];
    struct disk_store *s = open_store();
    ck_assert_int_eq(s->kind->write(s, qcow2, 0, sizeof qcow2), EPERM);
    ck_assert_int_eq(s->kind->write(s, zeros, 0, sizeof zeros), 0);
    ck_assert_int_eq(s->kind->write(s, qcow2, 512, 512), 0);
    disk_store_close(s);
    drive.format = "raw";
    s = open_store();
    ck_assert_int_eq(s->kind->write(s, qcow2, 0, sizeof qcow2), 0);
    disk_store_close(s);
}
END_TEST

/* --- qemu-nbd and NBD --- */

static int run_command(const char *format, ...)
{
    char command[256];
    va_list args;
    va_start(args, format);
    vsnprintf(command, sizeof command, format, args);
    va_end(args);
    return system(command); // NOLINT(bugprone-command-processor)
}

static void make_image(const char *format)
{
    snprintf(path, sizeof path, "%s/disk.%s", folder, format);
    ck_assert_int_eq(run_command("qemu-img create -q -f %s %s 1M", format, path), 0);
}

static const char *const formats[] = {"qcow2", "vmdk", "vdi", "vhdx"};

START_TEST(formats_of_qemu_nbd)
{
    static uint8_t copy[SIZE];
    make_image(formats[_i]);
    struct disk_store *s = open_store();
    ck_assert_uint_eq(s->size, SIZE);
    exercise(s, copy, 3);
    disk_store_close(s);
    ck_assert_int_eq(run_command("qemu-img convert -O raw %s %s/raw", path, folder), 0);
    snprintf(path, sizeof path, "%s/raw", folder);
    check_file(copy);
}
END_TEST

START_TEST(images_that_qemu_nbd_refuses)
{
    make_image("qcow2");
    int fd = open(path, O_RDWR | O_CLOEXEC);
    ck_assert_int_eq(pwrite(fd, "\xff\xff", 2, 20), 2); /* cluster_bits */
    close(fd);
    expect_refused("luster");
    drive.format = "no-such-format";
    expect_refused("Unknown driver");
}
END_TEST

START_TEST(without_qemu_nbd)
{
    make_image("qcow2");
    setenv("PATH", folder, 1);
    expect_refused("qemu-utils");
}
END_TEST

static pid_t find_server(void)
{
    char line[64] = "";
    char command[128];
    snprintf(command, sizeof command, "pgrep -f 'qemu-nbd .*%s'", folder);
    FILE *f = popen(command, "r"); // NOLINT(bugprone-command-processor)
    while (fgets(line, sizeof line, f) && atoi(line) == getpid())
        ;
    pclose(f);
    return atoi(line);
}

/* Whoever holds it dies, by a signal that nobody can catch: the server ends by itself. */
START_TEST(a_server_ends_with_us)
{
    int held[2], watch;
    char byte;
    make_image("qcow2");
    ck_assert_int_eq(pipe(held), 0);
    pid_t child = fork();
    if (child == 0) {
        struct disk_store *s = disk_store_open(&drive, &error);
        if (write(held[1], s ? "y" : "n", 1) == 1)
            pause();
        _exit(1);
    }
    ck_assert_int_eq(read(held[0], &byte, 1), 1);
    ck_assert_int_eq(byte, 'y');
    pid_t server = find_server();
    ck_assert_int_gt(server, 0);
    watch = (int)syscall(SYS_pidfd_open, server, 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    struct pollfd end = {.fd = watch, .events = POLLIN};
    ck_assert_int_eq(poll(&end, 1, 20000), 1);
    close(watch);
}
END_TEST

START_TEST(a_server_that_dies)
{
    uint8_t sector[512];
    make_image("qcow2");
    struct disk_store *s = open_store();
    kill(find_server(), SIGKILL);
    ck_assert_int_ne(s->kind->read(s, sector, 0, 512), 0);
    ck_assert_int_ne(s->kind->write(s, sector, 0, 512), 0);
    ck_assert_int_ne(s->kind->flush(s), 0);
    disk_store_close(s);
}
END_TEST

START_TEST(somebody_elses_server)
{
    static uint8_t copy[SIZE];
    static char address[128];
    drive.file = address;
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_int_eq(run_command("qemu-nbd --fork -t -f raw -x name -k %s/socket%u %s "
                                     "--pid-file=%s/pid",
                                     folder, i, path, folder),
                         0);
        snprintf(address, sizeof address,
                 i ? "nbd+unix:///name?socket=%s/socket%u" : "nbd:unix:%s/socket%u:exportname=name",
                 folder, i);
        struct disk_store *s = open_store();
        exercise(s, copy, 4 + i);
        disk_store_close(s);
        check_file(copy);
        ck_assert_int_eq(run_command("kill $(cat %s/pid)", folder), 0);
        while (run_command("kill -0 $(cat %s/pid) 2>/dev/null", folder) == 0)
            usleep(10000);
    }
    static const char *const no_servers[] = {
        "nbd:",           "nbd:unix:",  "nbd:unix::exportname=a", "nbd::10", "nbd::exportname=a",
        "nbd:host:99999", "nbd:[::1]:0"};
    for (size_t i = 0; i < sizeof no_servers / sizeof *no_servers; i++) {
        drive.file = no_servers[i];
        expect_refused(": not nbd:unix:PATH, nbd:HOST:PORT or nbd://HOST/EXPORT");
    }
    drive.file = address;
    snprintf(address, sizeof address, "nbd:unix:%s/nobody", folder);
    expect_refused("No such file");
}
END_TEST

/* A port of this host that nobody has, or had when it was asked for. */
static unsigned free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(s, (struct sockaddr *)&address, size), 0);
    ck_assert_int_eq(getsockname(s, (struct sockaddr *)&address, &size), 0);
    close(s);
    return ntohs(address.sin_port);
}

START_TEST(a_server_by_tcp)
{
    static uint8_t copy[SIZE];
    static char address[128];
    unsigned port = free_port();
    drive.file = address;
    snprintf(address, sizeof address, "nbd://127.0.0.1:%u/name", port);
    expect_refused("onnection refused");
    ck_assert_int_eq(run_command("qemu-nbd --fork -t -f raw -x name -b 127.0.0.1 -p %u %s "
                                 "--pid-file=%s/pid",
                                 port, path, folder),
                     0);
    struct disk_store *s = open_store();
    exercise(s, copy, 6);
    disk_store_close(s);
    check_file(copy);
    snprintf(address, sizeof address, "nbd://127.0.0.1:%u/another", port);
    expect_refused("another");
    ck_assert_int_eq(run_command("kill $(cat %s/pid)", folder), 0);
}
END_TEST

/* --- through the thread --- */

static struct disk *disk;
static unsigned done;

static void count(void *of)
{
    (void)of;
    done++;
}

static void open_disk(void)
{
    done = 0;
    disk = disk_create(open_store(), &owner, &error);
    ck_assert_ptr_nonnull(disk);
    ck_assert(disk_start(disk, &error));
}

static struct disk_request request(enum disk_operation operation, uint64_t offset, size_t size,
                                   uint8_t *data)
{
    return (struct disk_request){
        .operation = operation, .offset = offset, .size = size, .data = data, .done = count};
}

static void await(unsigned how_many)
{
    uint64_t n;
    while (done < how_many) {
        ck_assert_int_eq(read(ready_fd, &n, sizeof n), sizeof n);
        disk_deliver(disk);
    }
}

/* What a partition table may say, in a disk of 2048 sectors. */
static const struct table {
    uint8_t entry[4][4]; /* the last head and sector, sectors in all, anything but 0: a mark */
    struct disk_geometry found;
} tables[] = {
    {{{1, 0x12, 1, 1}}, {56, 2, 18, true}},
    {{{15, 0xff, 1, 1}}, {2, 16, 63, true}},                /* the cylinder's upper bits */
    {{{0}, {0}, {0}, {3, 0x07, 1, 1}}, {73, 4, 7, true}},   /* the last entry, too */
    {{{1, 0x12, 0, 1}, {3, 7, 1, 1}}, {73, 4, 7, true}},    /* the first is empty, */
    {{{0, 0x12, 1, 1}, {3, 7, 1, 1}}, {73, 4, 7, true}},    /* has no second head, */
    {{{1, 0x40, 1, 1}, {3, 7, 1, 1}}, {73, 4, 7, true}},    /* no sector, */
    {{{63, 0x3f, 1, 1}, {3, 7, 1, 1}}, {73, 4, 7, true}},   /* or less than a cylinder */
    {{{31, 0x20, 1, 1}, {3, 7, 1, 1}}, {2, 16, 63, false}}, /* a BIOS pretends so */
    {{{1, 0x12, 1, 0}}, {2, 16, 63, false}},
    {{{0}}, {2, 16, 63, false}},
};
enum { TABLES = sizeof tables / sizeof *tables };

START_TEST(geometry)
{
    uint8_t sector[512] = {0};
    const struct table *t = &tables[_i];
    for (unsigned i = 0; i < 4; i++) {
        sector[446 + 16 * i + 5] = t->entry[i][0];
        sector[446 + 16 * i + 6] = t->entry[i][1];
        sector[446 + 16 * i + 13] = t->entry[i][2];
    }
    sector[510] = t->entry[0][3] || t->entry[3][3] ? 0x55 : 0;
    sector[511] = 0xaa;
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    ck_assert_int_eq(pwrite(fd, sector, sizeof sector, 0), sizeof sector);
    close(fd);
    drive.format = "raw";
    open_disk();
    struct disk_geometry g = disk_geometry(disk);
    ck_assert_uint_eq(g.cylinders, t->found.cylinders);
    ck_assert_uint_eq(g.heads, t->found.heads);
    ck_assert_uint_eq(g.sectors, t->found.sectors);
    ck_assert_int_eq(g.of_table, t->found.of_table);
    disk_close(disk);
}
END_TEST

START_TEST(requests_are_done_in_order)
{
    static uint8_t one[4096], other[4096], back[4096];
    open_disk();
    ck_assert_str_eq(disk_name(disk), path);
    memset(one, 1, sizeof one);
    memset(other, 2, sizeof other);
    struct disk_request w1 = request(DISK_WRITE, 512, 4096, one);
    struct disk_request w2 = request(DISK_WRITE, 512, 4096, other);
    struct disk_request f = request(DISK_FLUSH, 0, 0, NULL);
    struct disk_request r = request(DISK_READ, 512, 4096, back);
    disk_submit(disk, &w1);
    disk_submit(disk, &w2);
    disk_submit(disk, &f);
    disk_submit(disk, &r);
    ck_assert_uint_eq(done, 0);
    await(4);
    ck_assert_mem_eq(back, other, sizeof back);
    ck_assert_int_eq(w1.error | w2.error | f.error | r.error, 0);
    ck_assert(!r.pending);
    const struct disk_counts *c = &disk->counts;
    ck_assert_uint_eq(c->of[DISK_WRITE].done, 2);
    ck_assert_uint_eq(c->of[DISK_WRITE].bytes, 8192);
    ck_assert_uint_eq(c->of[DISK_READ].bytes, 4096);
    ck_assert_uint_eq(c->of[DISK_FLUSH].done, 1);
    ck_assert_uint_gt(c->of[DISK_READ].time_ns, 0);
    ck_assert_uint_eq(c->of[DISK_READ].failed, 0);
    ck_assert_uint_eq(c->highest, 512 + 4096);
    disk_close(disk);
}
END_TEST

START_TEST(requests_that_cannot_be)
{
    static uint8_t sector[512];
    drive.read_only = true;
    open_disk();
    struct disk_request beyond = request(DISK_READ, SIZE, 512, sector);
    struct disk_request overflow = request(DISK_READ, UINT64_MAX - 511, 512, sector);
    struct disk_request write = request(DISK_WRITE, 0, 512, sector);
    disk_submit(disk, &beyond);
    disk_submit(disk, &overflow);
    disk_submit(disk, &write);
    await(3);
    ck_assert_int_eq(beyond.error, EIO);
    ck_assert_int_eq(overflow.error, EIO);
    ck_assert_int_eq(write.error, EROFS);
    ck_assert_uint_eq(disk->counts.of[DISK_READ].failed, 2);
    ck_assert_uint_eq(disk->counts.of[DISK_WRITE].failed, 1);
    ck_assert_uint_eq(disk->counts.of[DISK_READ].done + disk->counts.highest, 0);
    disk_close(disk);
}
END_TEST

static struct disk_store *other_store(uint8_t with)
{
    static uint8_t bytes[SIZE * 2];
    struct drive other = drive;
    other.file = "other";
    int fd = memfd_create("other", MFD_CLOEXEC);
    memset(bytes, with, sizeof bytes);
    ck_assert_int_eq(write(fd, bytes, sizeof bytes), sizeof bytes);
    struct disk_store *store = disk_store_open_later(&other, fd, false, &error);
    ck_assert_ptr_nonnull(store);
    return store;
}

START_TEST(what_is_in_it_changes)
{
    static uint8_t before[512], late[512], after[512], beyond[512];
    open_disk();
    struct disk_request first = request(DISK_READ, 0, 512, before);
    disk_submit(disk, &first);
    ck_assert(disk_insert(disk, other_store(7), &error)); /* it is still read from the old one */
    ck_assert_str_eq(disk_name(disk), "other");
    ck_assert_uint_eq(disk_size(disk), 2 * SIZE);
    struct disk_request second = request(DISK_READ, 0, 512, after);
    struct disk_request third = request(DISK_READ, 2 * SIZE - 512, 512, beyond);
    disk_submit(disk, &second);
    disk_submit(disk, &third);
    ck_assert(disk_remove(disk, &error));
    ck_assert_uint_eq(disk_size(disk), 0);
    struct disk_request fourth = request(DISK_READ, 0, 512, late);
    disk_submit(disk, &fourth);
    await(4);
    ck_assert_int_eq(first.error | second.error | third.error, 0);
    ck_assert_int_eq(fourth.error, ENOMEDIUM);
    ck_assert_uint_ne(before[0], 7);
    ck_assert_uint_eq(after[0], 7);
    ck_assert_uint_eq(beyond[511], 7);
    ck_assert_ptr_null(disk_store(disk));
    disk_close(disk);
}
END_TEST

START_TEST(a_drive_may_be_empty)
{
    static uint8_t bytes[512];
    done = 0;
    disk = disk_create(NULL, &owner, &error);
    ck_assert(disk_start(disk, &error));
    struct disk_request r = request(DISK_READ, 0, 512, bytes);
    disk_submit(disk, &r);
    await(1);
    ck_assert_int_eq(r.error, ENOMEDIUM);
    ck_assert(disk_insert(disk, other_store(9), &error));
    disk_submit(disk, &r);
    await(2);
    ck_assert_int_eq(r.error, 0);
    ck_assert_uint_eq(bytes[0], 9);
    disk_close(disk);
}
END_TEST

/* Wherever the request has got to meanwhile. */
START_TEST(what_is_withdrawn_does_not_come_back)
{
    static uint8_t bytes[65536];
    open_disk();
    for (unsigned i = 0; i < 1000; i++) {
        uint8_t *own = malloc(512);
        struct disk_request *r = malloc(sizeof *r);
        *r = request(DISK_READ, 512 * (i % 64), 512, own);
        disk_submit(disk, r);
        if (i % 3 == 0)
            sched_yield();
        if (i % 5 == 0)
            disk_deliver(disk);
        disk_withdraw(r);
        free(own); /* the sanitizers see whether somebody still uses them */
        free(r);
    }
    unsigned before = done;
    struct disk_request last = request(DISK_READ, 0, sizeof bytes, bytes);
    disk_submit(disk, &last);
    await(before + 1);
    ck_assert_int_eq(last.error, 0);
    disk_close(disk);
}
END_TEST

/* --- a host that fails: its calls are these, in place of the C library's --- */

static uint64_t room = UINT64_MAX; /* bytes that it still takes */
static unsigned failing_syncs;     /* how many fail, then it has forgotten */

/* A short write, then none, as a file system does that fills up. */
ssize_t pwrite(int fd, const void *from, size_t size, off_t offset)
{
    if (room == 0) {
        errno = ENOSPC;
        return -1;
    }
    ssize_t n = syscall(SYS_pwrite64, fd, from, size < room ? size : (size_t)room, offset);
    if (n > 0 && room != UINT64_MAX)
        room -= (uint64_t)n;
    return n;
}

int fdatasync(int fd)
{
    if (failing_syncs == 0)
        return (int)syscall(SYS_fdatasync, fd);
    failing_syncs--;
    errno = EIO;
    return -1;
}

/* Does one request to its end; returns its error. */
static int carry_out(enum disk_operation operation, uint64_t offset, size_t size, uint8_t *data)
{
    struct disk_request r = request(operation, offset, size, data);
    disk_submit(disk, &r);
    await(done + 1);
    return r.error;
}

/* What was flushed before is there, on the host and for the guest; what fitted is, too. */
START_TEST(a_full_disk)
{
    static uint8_t kept[8192], lost[8192], later[512], back[8192], zeros[8192];
    drive.snapshot = _i;
    open_disk();
    fill(kept, sizeof kept, 1);
    fill(lost, sizeof lost, 2);
    fill(later, sizeof later, 3);
    ck_assert_int_eq(carry_out(DISK_WRITE, 4096, sizeof kept, kept), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), 0);
    room = 4096 + 100;
    ck_assert_int_eq(carry_out(DISK_WRITE, SIZE / 2, sizeof lost, lost), ENOSPC);
    ck_assert_int_eq(carry_out(DISK_WRITE, 0, sizeof later, later), ENOSPC);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), 0); /* the guest knows of the others */
    ck_assert_int_eq(carry_out(DISK_READ, 4096, sizeof back, back), 0);
    ck_assert_mem_eq(back, kept, sizeof back);
    room = UINT64_MAX; /* somebody has tidied up */
    ck_assert_int_eq(carry_out(DISK_WRITE, SIZE / 2, sizeof lost, lost), 0);
    ck_assert_int_eq(carry_out(DISK_WRITE, 0, sizeof later, later), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), 0);
    ck_assert_int_eq(carry_out(DISK_READ, SIZE / 2, sizeof back, back), 0);
    ck_assert_mem_eq(back, lost, sizeof back);
    int fd = open(path, O_RDONLY | O_CLOEXEC); /* another program reads the same of it */
    ck_assert_int_eq(pread(fd, back, sizeof back, 4096), sizeof back);
    ck_assert_mem_eq(back, _i ? zeros : kept, sizeof back);
    ck_assert_int_eq(pread(fd, back, sizeof later, 0), sizeof later);
    ck_assert_mem_eq(back, _i ? zeros : later, sizeof later);
    close(fd);
    disk_close(disk);
}
END_TEST

/* Where a file may not become so large. */
START_TEST(a_file_that_may_not_grow)
{
    static uint8_t bytes[1024], back[1024];
    const struct rlimit limit = {SIZE + 512, SIZE + 512};
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(truncate(path, SIZE + 600), 0);
    fill(bytes, sizeof bytes, 4);
    open_disk();
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    ck_assert_int_eq(carry_out(DISK_WRITE, SIZE, 1024, bytes), EFBIG);
    ck_assert_int_eq(carry_out(DISK_WRITE, 0, 1024, bytes), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), 0);
    ck_assert_int_eq(carry_out(DISK_READ, 0, 1024, back), 0);
    ck_assert_mem_eq(back, bytes, sizeof back);
    disk_close(disk);
}
END_TEST

/*
 * The host tells once that it could not write what it had taken, and then says that all is well:
 * no flush may, from then on.
 */
START_TEST(a_flush_that_fails)
{
    static uint8_t bytes[512];
    fill(bytes, sizeof bytes, 5);
    open_disk();
    ck_assert_int_eq(carry_out(DISK_WRITE, 0, sizeof bytes, bytes), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), 0);
    failing_syncs = 1;
    ck_assert_int_eq(carry_out(DISK_WRITE, 512, sizeof bytes, bytes), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), EIO);
    ck_assert_uint_eq(failing_syncs, 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), EIO);
    ck_assert_int_eq(carry_out(DISK_WRITE, 1024, sizeof bytes, bytes), 0);
    ck_assert_int_eq(carry_out(DISK_FLUSH, 0, 0, NULL), EIO);
    disk_close(disk);
}
END_TEST

Suite *disk_suite(void)
{
    Suite *suite = suite_create("disk");
    TCase *c = tcase_create("disk");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, raw);
    tcase_add_test(c, a_snapshot_leaves_the_file_alone);
    tcase_add_test(c, images_that_cannot_be);
    tcase_add_test(c, an_odd_size);
    tcase_add_test(c, a_file_that_shrinks);
    tcase_add_test(c, one_writes_alone);
    tcase_add_test(c, a_raw_disk_stays_raw);
    tcase_add_loop_test(c, formats_of_qemu_nbd, 0, 4);
    tcase_add_test(c, images_that_qemu_nbd_refuses);
    tcase_add_test(c, without_qemu_nbd);
    tcase_add_test(c, a_server_ends_with_us);
    tcase_add_test(c, a_server_that_dies);
    tcase_add_test(c, somebody_elses_server);
    tcase_add_test(c, a_server_by_tcp);
    tcase_add_loop_test(c, geometry, 0, TABLES);
    tcase_add_test(c, requests_are_done_in_order);
    tcase_add_test(c, requests_that_cannot_be);
    tcase_add_test(c, what_is_in_it_changes);
    tcase_add_test(c, a_drive_may_be_empty);
    tcase_add_test(c, what_is_withdrawn_does_not_come_back);
    tcase_add_loop_test(c, a_full_disk, 0, 2);
    tcase_add_test(c, a_file_that_may_not_grow);
    tcase_add_test(c, a_flush_that_fails);
    suite_add_tcase(suite, c);
    return suite;
}
