/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Networks as guests use them that nobody here wrote: iPXE boots from one, Linux moves files
 * through each card, and reaches another and the host. Servers are the test's own, on loopback.
 */
#include "emulator.h"
#include "linux.h"
#include "test_guests.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROMPT "~ # "

static char folder[] = "/tmp/tessera-network-XXXXXX";

/* A file in the folder. */
static const char *path(const char *name)
{
    static char paths[4][64];
    static unsigned next;
    char *to = paths[next++ % 4];
    snprintf(to, sizeof paths[0], "%s/%s", folder, name);
    return to;
}

static void setup(void)
{
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void teardown(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0); // NOLINT(cert-env33-c): a command of our own
}

static void write_file(const char *name, const char *text)
{
    FILE *f = fopen(path(name), "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

/* --- booting --- */

static const char *const boot_models[] = {"e1000", "rtl8139", "ne2k_pci", "virtio"};

/* By the card's ROM and our BIOS: what is booted is a script, which fetches another file. */
START_TEST(ipxe_boots_what_tftp_has)
{
    char nic[160];
    write_file("boot.ipxe", "#!ipxe\necho Address ${net0/ip}\nimgfetch other\nimgstat\n"
                            "echo The script is over\nshell\n");
    write_file("other", "#!ipxe\n");
    snprintf(nic, sizeof nic, "user,model=%s,tftp=%s,bootfile=boot.ipxe", boot_models[_i], folder);
    struct emulator *e = emulator_start(
        ON_TERMINAL, (const char *[]){"-nographic", "-boot", "n", "-nic", nic, NULL});
    emulator_expect(e, "Address 10.0.2.15");
    emulator_expect(e, "other : 7 bytes");
    emulator_expect(e, "The script is over");
    emulator_kill(e);
}
END_TEST

/* --- names, by a name server of the test's own in a network of its own --- */

static void put_into(const char *file, const char *text)
{
    FILE *f = fopen(file, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        _exit(EXIT_FAILURE);
}

/*
 * Within the emulator's process: root of new namespaces, and nothing but a loopback there. Where
 * nobody is given a namespace of users, who is root needs none.
 */
static void leave_host(void)
{
    char map[64];
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
    unsigned uid = getuid(), gid = getgid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET) == 0) {
        put_into("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", uid);
        put_into("/proc/self/uid_map", map);
        snprintf(map, sizeof map, "0 %u 1", gid);
        put_into("/proc/self/gid_map", map);
    } else if (unshare(CLONE_NEWNS | CLONE_NEWNET) != 0 ||
               mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        _exit(EXIT_FAILURE);
    }
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (ioctl(fd, SIOCSIFFLAGS, &loopback) != 0)
        _exit(EXIT_FAILURE);
    close(fd);
}

/* RFC 1035, 4.1: tessera.test is 10.0.2.2, and nothing else is anything. */
static size_t answer_name(uint8_t *message, size_t size)
{
    static const uint8_t question[] = "\7tessera\4test\0\0\1\0\1";
    static const uint8_t answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 2, 2};
    enum { HEADER = 12, QUESTION = sizeof question - 1 };
    bool known = size >= HEADER + QUESTION && memcmp(message + HEADER, question, QUESTION) == 0;
    message[2] = 0x81; /* a response */
    message[3] = known ? 0x80 : 0x83;
    if (!known)
        return size;
    memset(message + 6, 0, 6);
    message[7] = 1;
    memcpy(message + HEADER + QUESTION, answer, sizeof answer);
    return HEADER + QUESTION + sizeof answer;
}

static void serve_names(void)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0)
        _exit(EXIT_FAILURE);
    if (fork() != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        uint8_t message[1024];
        socklen_t length = sizeof at;
        ssize_t n = recvfrom(fd, message, 512, 0, (struct sockaddr *)&at, &length);
        if (n > 0)
            sendto(fd, message, answer_name(message, (size_t)n), 0, (struct sockaddr *)&at, length);
    }
}

static void alone_with_a_name_server(void)
{
    leave_host();
    if (mount(path("resolv.conf"), "/etc/resolv.conf", NULL, MS_BIND, NULL) != 0)
        _exit(EXIT_FAILURE);
    serve_names();
}

/* To be told that nobody has a name does not end iPXE's waiting for who has it. */
START_TEST(names_are_looked_up)
{
    char nic[160];
    write_file("resolv.conf", "nameserver 127.0.0.1\n");
    write_file("boot.ipxe",
               "#!ipxe\nimgfetch --timeout 1000 tftp://bogus.test/other || echo Nobody\n"
               "imgfetch tftp://tessera.test/other\nimgstat\nshell\n");
    write_file("other", "#!ipxe\n");
    snprintf(nic, sizeof nic, "user,tftp=%s,bootfile=boot.ipxe", folder);
    struct emulator *e = emulator_start_with(
        ON_TERMINAL, (const char *[]){"-nographic", "-boot", "n", "-nic", nic, NULL},
        alone_with_a_name_server);
    emulator_expect(e, "Nobody");
    emulator_expect(e, "other : 7 bytes");
    emulator_kill(e);
}
END_TEST

/* --- files through a card --- */

/* A server for one connection: gives a file, or keeps what comes. */
struct server {
    pthread_t thread;
    int fd;
    bool gives;
    const char *file;
};

static void give(int to, FILE *f)
{
    static char bytes[1 << 16];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        for (ssize_t done = 0, m = 1; done < (ssize_t)n && m > 0; done += m)
            m = send(to, bytes + done, n - (size_t)done, MSG_NOSIGNAL);
}

static void take(int from, FILE *f)
{
    static char bytes[1 << 16];
    ssize_t n;
    while ((n = recv(from, bytes, sizeof bytes, 0)) > 0)
        fwrite(bytes, 1, (size_t)n, f);
}

static void *serve(void *argument)
{
    struct server *s = argument;
    FILE *f = fopen(s->file, s->gives ? "r" : "w");
    int fd = accept(s->fd, NULL, NULL);
    if (f && fd >= 0)
        (s->gives ? give : take)(fd, f);
    if (f)
        fclose(f);
    close(fd);
    return NULL;
}

/* Gives a socket for connections a port, which is returned. */
static int bind_to_a_port(int fd)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof a;
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &size), 0);
    return ntohs(a.sin_port);
}

/* Its port. */
static int start_server(struct server *s, bool gives, const char *file)
{
    *s = (struct server){.fd = socket(AF_INET, SOCK_STREAM, 0), .gives = gives, .file = file};
    int port = bind_to_a_port(s->fd);
    ck_assert_int_eq(listen(s->fd, 1), 0);
    ck_assert_int_eq(pthread_create(&s->thread, NULL, serve, s), 0);
    return port;
}

static void end_server(struct server *s)
{
    pthread_join(s->thread, NULL);
    close(s->fd);
}

static const char *digest_of(const char *file)
{
    static char digest[41];
    char command[128];
    snprintf(command, sizeof command, "sha1sum %s", file);
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): a command of our own
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%40s", digest), 1);
    pclose(pipe);
    return digest;
}

static void type(struct emulator *e, const char *command)
{
    emulator_send(e, command);
    emulator_send(e, "; echo @$?@\r");
    ck_assert_int_eq(emulator_expect_status(e), 0);
    emulator_expect(e, PROMPT);
}

/* Gives eth0 what DHCP says of it. */
#define LEASE_SCRIPT                                                                               \
    "printf '#!/bin/sh\\n[ -z \"$ip\" ] || ip addr add $ip/24 dev $interface; "                    \
    "[ -z \"$router\" ] || ip route add default via $router; true\\n' >/lease; chmod +x /lease"

/* Linux on whichever program. `more`: an option and its value, and another one; or NULLs. */
static struct emulator *start_linux(const char *program, const char *nic, const char *const *more,
                                    void (*setup)(void))
{
    return emulator_start_program(
        program, ON_TERMINAL,
        (const char *[]){"-nographic", "-m", "512", "-kernel", LINUX_KERNEL, "-initrd",
                         LINUX_INITRD, "-append",
                         ("console=ttyS0 quiet rdinit=/bin/sh " LINUX_BRIEFLY), "-nic", nic,
                         more[0], more[1], more[2], more[3], NULL},
        setup);
}

static const char *const no_more[4] = {NULL};

/* With a card that is up. */
static struct emulator *boot_program(const char *program, const char *nic, const char *module,
                                     const char *const *more)
{
    char command[64];
    struct emulator *e = start_linux(program, nic, more, NULL);
    emulator_expect(e, PROMPT);
    type(e, "mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t tmpfs tmp /mnt");
    snprintf(command, sizeof command, "modprobe %s; ip link set eth0 up", module);
    type(e, command);
    return e;
}

static void ask_for_address(struct emulator *e)
{
    type(e, LEASE_SCRIPT);
    type(e, "udhcpc -n -q -t 10 -s /lease -i eth0");
}

#define VIRTIO_NET "virtio_pci; modprobe virtio_net"

/* Cards that more than one test has: each is booted with once, and others go on with its state. */
enum { VIRTIO, E1000, OURS, QEMU_E1000 = OURS, KEPT };
static struct kept {
    const char *program; /* NULL: ours */
    const char *card, *module;
    char state[40];
} kept[KEPT] = {
    [VIRTIO] = {NULL, "model=virtio,mac=52:54:00:00:00:01", VIRTIO_NET, ""},
    [E1000] = {NULL, "model=e1000,mac=52:54:00:00:00:02", "e1000", ""},
    [QEMU_E1000] = {"qemu-system-i386", "model=e1000,mac=52:54:00:00:00:03", "e1000", ""},
};

static void boot_ours(const struct kept *k)
{
    char nic[64];
    snprintf(nic, sizeof nic, "user,%s", k->card);
    struct emulator *e =
        boot_program(emulator_program(), nic, k->module, (const char *[4]){"-savestate", k->state});
    kill(e->pid, SIGTERM);
    emulator_wait(e);
    emulator_kill(e);
}

/* At a hub, which is no part of the state. The monitor takes one command after the other. */
static void boot_other(const struct kept *k)
{
    char nic[80], command[96];
    snprintf(nic, sizeof nic, "hubport,hubid=1,%s", k->card);
    struct emulator *e = boot_program(k->program, nic, k->module, no_more);
    snprintf(command, sizeof command, "\001cmigrate \"exec:cat >%s\"\rquit\r", k->state);
    emulator_send(e, command);
    emulator_wait(e);
    emulator_kill(e);
}

static void boot_kept(void)
{
    for (struct kept *k = kept; k < kept + KEPT; k++) {
        strcpy(k->state, "/tmp/tessera-network-XXXXXX");
        close(mkstemp(k->state));
        (k->program ? boot_other : boot_ours)(k);
    }
}

static void forget_kept(void)
{
    for (struct kept *k = kept; k < kept + KEPT; k++)
        unlink(k->state);
}

/* What is typed before it goes on another program may lose. */
static void wait_until_it_goes_on(struct emulator *e)
{
    enum { LOOK_MS = 200, LOOKS = 600 };
    for (int i = 0; i < LOOKS && !strstr(e->text, PROMPT); i++) {
        emulator_send(e, "\r");
        ck_assert(emulator_watch(e, LOOK_MS));
    }
}

/* Of the network that -nic is told of. `dump`: an -object; or NULL. */
static struct emulator *go_on(const struct kept *k, const char *network, const char *dump,
                              void (*setup)(void))
{
    char nic[160], incoming[64];
    snprintf(nic, sizeof nic, "%s,%s", network, k->card);
    snprintf(incoming, sizeof incoming, "%s%s", k->program ? "exec:cat " : "file:", k->state);
    struct emulator *e =
        start_linux(k->program ? k->program : emulator_program(), nic,
                    (const char *[4]){"-incoming", incoming, dump ? "-object" : NULL, dump}, setup);
    if (k->program)
        wait_until_it_goes_on(e);
    type(e, "true");
    return e;
}

static const struct {
    const char *nic, *module;
    unsigned megabytes; /* of a file */
} cards[] = {{"user,model=rtl8139", "8139cp", 20},
             {"user,model=ne2k_pci", "ne2k-pci", 5},
             {"user,model=ne2k_isa", "ne io=0x300 irq=10", 5},
             {"user,model=virtio-net-pci,disable-modern=on", VIRTIO_NET, 20}};

static void move(struct emulator *e, bool gives, const char *format, const char *file)
{
    struct server server;
    char command[128];
    snprintf(command, sizeof command, format, start_server(&server, gives, file));
    type(e, command);
    end_server(&server);
}

/* A file to the guest, and back; each side says what it has got. */
static void move_to_and_fro(struct emulator *e, unsigned megabytes)
{
    char command[128], digest[41];
    snprintf(command, sizeof command, "head -c %u000000 /dev/urandom >%s", megabytes,
             path("there"));
    ck_assert_int_eq(system(command), 0); // NOLINT(cert-env33-c): a command of our own
    strcpy(digest, digest_of(path("there")));
    ask_for_address(e);
    type(e, "ping -c 3 10.0.2.2");
    move(e, true, "nc 10.0.2.2 %d </dev/null >/mnt/big", path("there"));
    emulator_send(e, "sha1sum /mnt/big\r");
    emulator_expect(e, digest);
    emulator_expect(e, PROMPT);
    move(e, false, "nc 10.0.2.2 %d </mnt/big", path("back"));
    ck_assert_str_eq(digest_of(path("back")), digest);
    emulator_kill(e);
}

START_TEST(files_arrive_whole)
{
    move_to_and_fro(boot_program(emulator_program(), cards[_i].nic, cards[_i].module, no_more),
                    cards[_i].megabytes);
}
END_TEST

START_TEST(big_files_arrive_whole)
{
    move_to_and_fro(go_on(&kept[_i], "user", NULL, NULL), 100);
}
END_TEST

/* Nothing goes out but what has been asked for from outside. */
START_TEST(a_restricted_guest_reaches_nobody)
{
    struct server server;
    char command[128];
    int port = start_server(&server, true, "/dev/null");
    struct emulator *e = go_on(&kept[E1000], "user,restrict=on", NULL, NULL);
    ask_for_address(e);
    snprintf(command, sizeof command, "! nc -w 5 10.0.2.2 %d </dev/null", port);
    type(e, command);
    emulator_kill(e);
    shutdown(server.fd, SHUT_RDWR);
    end_server(&server);
}
END_TEST

/* --- a cable, and an interface of the host's --- */

static void ping(struct emulator *e, const char *address, unsigned times)
{
    char command[64], result[64];
    snprintf(command, sizeof command, "ping -c %u %s", times, address);
    snprintf(result, sizeof result, "%u packets transmitted, %u packets received", times, times);
    emulator_send(e, command);
    emulator_send(e, "\r");
    emulator_expect(e, result);
    emulator_expect(e, PROMPT);
}

/* How many of the frames in a file tshark lets pass. */
static int count_frames(const char *file, const char *filter)
{
    char command[256];
    int count = -1;
    snprintf(command, sizeof command, "tshark -r %s -Y '%s' 2>/dev/null | wc -l", file, filter);
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): a command of our own
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%d", &count), 1);
    pclose(pipe);
    return count;
}

/* Who is at the ends of a cable. */
struct cable {
    int a, b; /* of `kept` */
    bool udp;
};
static const struct cable cables[] = {
    {VIRTIO, E1000, false},      /* A listens */
    {VIRTIO, QEMU_E1000, false}, /* the same */
    {QEMU_E1000, E1000, false},  {VIRTIO, E1000, true}, {VIRTIO, QEMU_E1000, true},
};

static int free_port(int type)
{
    int fd = socket(AF_INET, type, 0), port = bind_to_a_port(fd);
    close(fd);
    return port;
}

static void spell_cable(const struct cable *cable, char *a, char *b, size_t size)
{
    if (cable->udp) {
        int at_a = free_port(SOCK_DGRAM), at_b = free_port(SOCK_DGRAM);
        snprintf(a, size, "udp=127.0.0.1:%d,localaddr=127.0.0.1:%d", at_b, at_a);
        snprintf(b, size, "udp=127.0.0.1:%d,localaddr=127.0.0.1:%d", at_a, at_b);
        return;
    }
    int port = free_port(SOCK_STREAM);
    snprintf(a, size, "listen=127.0.0.1:%d", port);
    snprintf(b, size, "connect=127.0.0.1:%d", port);
}

/* One that writes what went to and fro to a file, if it is ours. */
static struct emulator *go_on_at(const char *cable, const struct kept *k, const char *file)
{
    char nic[160], dump[128];
    snprintf(nic, sizeof nic, "socket,id=cable,%s", cable);
    snprintf(dump, sizeof dump, "filter-dump,id=dump,netdev=cable,file=%s", path(file));
    return go_on(k, nic, k->program ? NULL : dump, NULL);
}

START_TEST(two_share_a_cable)
{
    const struct cable *cable = &cables[_i];
    char at_a[80], at_b[80];
    spell_cable(cable, at_a, at_b, sizeof at_a);
    struct emulator *a = go_on_at(at_a, &kept[cable->a], "a"),
                    *b = go_on_at(at_b, &kept[cable->b], "b");
    type(a, "ip addr add 10.9.0.1/24 dev eth0");
    type(b, "ip addr add 10.9.0.2/24 dev eth0");
    ping(a, "10.9.0.2", 3);
    ping(b, "10.9.0.1", 2);
    bool a_is_ours = !kept[cable->a].program;
    struct emulator *ours = a_is_ours ? a : b, *other = a_is_ours ? b : a;
    const char *frames = path(a_is_ours ? "a" : "b");
    emulator_kill(other);
    emulator_send(ours, "\001x");
    emulator_wait(ours);
    emulator_kill(ours);
    ck_assert_int_eq(count_frames(frames, "icmp.type == 8 && ip.src == 10.9.0.1"), 3);
    ck_assert_int_eq(count_frames(frames, "icmp.type == 0 && ip.src == 10.9.0.2"), 3);
    ck_assert_int_eq(count_frames(frames, "icmp.type == 8 && ip.src == 10.9.0.2"), 2);
    ck_assert_int_eq(count_frames(frames, "icmp.type == 0 && ip.src == 10.9.0.1"), 2);
}
END_TEST

static void alone_with_a_tap(void)
{
    static const char commands[] = "ip tuntap add tap0 mode tap && ip link set tap0 up && "
                                   "ip addr add 10.9.0.1/24 dev tap0";
    leave_host();
    if (system(commands) != 0) // NOLINT(cert-env33-c): commands of our own
        _exit(EXIT_FAILURE);
}

START_TEST(a_tap_leads_to_the_host)
{
    struct emulator *e = go_on(&kept[VIRTIO], "tap,ifname=tap0", NULL, alone_with_a_tap);
    type(e, "ip addr add 10.9.0.2/24 dev eth0");
    ping(e, "10.9.0.1", 3);
    emulator_kill(e);
}
END_TEST

static TCase *add_case(Suite *suite, const char *name)
{
    TCase *c = tcase_create(name);
    tcase_set_timeout(c, CASE_TIMEOUT);
    tcase_add_checked_fixture(c, setup, teardown);
    suite_add_tcase(suite, c);
    return c;
}

Suite *network_suite(void)
{
    Suite *suite = suite_create("network");
    tcase_add_loop_test(add_case(suite, "booting"), ipxe_boots_what_tftp_has, 0,
                        sizeof boot_models / sizeof *boot_models);
    for (int i = 0; i < (int)(sizeof cards / sizeof *cards); i++)
        tcase_add_loop_test(add_case(suite, cards[i].nic), files_arrive_whole, i, i + 1);
    tcase_add_test(add_case(suite, "names"), names_are_looked_up);
    TCase *c = add_case(suite, "kept");
    tcase_add_unchecked_fixture(c, boot_kept, forget_kept);
    tcase_add_loop_test(c, big_files_arrive_whole, 0, OURS);
    tcase_add_test(c, a_restricted_guest_reaches_nobody);
    tcase_add_loop_test(c, two_share_a_cable, 0, sizeof cables / sizeof *cables);
    tcase_add_test(c, a_tap_leads_to_the_host);
    return suite;
}
