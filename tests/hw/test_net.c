/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks beside the cpu's thread: queues, the user's network, its words, files of frames. */
#include "hw/host/net.h"

#include "exec/file.h"
#include "hw/host/net_dump.h"
#include "hw/host/net_forward.h"
#include "hw/host/net_queue.h"
#include "hw/net/net_checksum.h"
#include "tests/hw/fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* --- queues --- */

static void fill(uint8_t *frame, size_t size, uint32_t seed)
{
    for (size_t i = 0; i < size; i++)
        frame[i] = (uint8_t)next_random(&seed);
}

static size_t size_of(uint32_t number)
{
    return number * 2654435761u % NET_FRAME_MOST + 1;
}

enum { FRAMES = 20000 };

static void *put_all(void *queue)
{
    uint8_t frame[NET_FRAME_MOST];
    for (uint32_t i = 0; i < FRAMES; i++) {
        memset(frame, (int)i, size_of(i));
        while (!net_queue_put(queue, frame, size_of(i)))
            sched_yield();
    }
    return NULL;
}

START_TEST(frames_come_out_as_they_went_in)
{
    struct net_queue q = {0};
    pthread_t thread;
    size_t size = 0;
    ck_assert(net_queue_init(&q));
    ck_assert_int_eq(pthread_create(&thread, NULL, put_all, &q), 0);
    for (uint32_t i = 0; i < FRAMES; i++) {
        const uint8_t *frame;
        while (!(frame = net_queue_first(&q, &size)))
            sched_yield();
        ck_assert_uint_eq(size, size_of(i));
        ck_assert(frame[0] == (uint8_t)i && frame[size - 1] == (uint8_t)i);
        net_queue_drop(&q);
    }
    pthread_join(thread, NULL);
    ck_assert_ptr_null(net_queue_first(&q, &size));
    net_queue_free(&q);
}
END_TEST

START_TEST(a_full_queue_takes_nothing)
{
    static uint8_t frame[NET_FRAME_MOST], first[1000];
    struct net_queue q = {0};
    size_t size = 0;
    ck_assert(net_queue_init(&q));
    ck_assert(net_queue_is_empty(&q));
    fill(first, sizeof first, 1);
    ck_assert(net_queue_put(&q, first, sizeof first));
    ck_assert(!net_queue_is_empty(&q));
    while (net_queue_put(&q, frame, sizeof frame))
        ;
    ck_assert(!net_queue_has_room(&q));
    ck_assert_mem_eq(net_queue_first(&q, &size), first, sizeof first);
    net_queue_drop(&q);
    ck_assert_uint_eq((net_queue_first(&q, &size), size), sizeof frame);
    net_queue_free(&q);
}
END_TEST

/* --- words --- */

static struct error error;

START_TEST(forwarded_ports_are_understood)
{
    struct net_forward f;
    ck_assert(net_forward_parse(&f, "tcp::2222-:22", &error));
    ck_assert(!f.udp && f.host.s_addr == htonl(INADDR_LOOPBACK) && !f.guest.s_addr);
    ck_assert(f.host_port == 2222 && f.guest_port == 22);
    ck_assert(net_forward_parse(&f, "udp:0.0.0.0:1-10.0.2.99:65535", &error));
    ck_assert(f.udp && !f.host.s_addr && f.guest.s_addr == htonl(0x0a000263));
    ck_assert(net_forward_parse(&f, "::1-:2", &error) && !f.udp);
}
END_TEST

START_TEST(forwarded_ports_that_are_none)
{
    static const char *const words[] = {
        "tcp::+1-:2",       "",           "tcp",           "tcp::2222",  "tcp::0-:22",
        "tcp::2222-:65536", "sctp::1-:2", "tcp:host:1-:2", "tcp::1-:2x", "tcp::1:-2"};
    struct net_forward f;
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        ck_assert_msg(!net_forward_parse(&f, words[i], &error), "%s", words[i]);
    ck_assert_str_eq(error.text, "hostfwd=tcp::1:-2: not tcp:[HOST]:PORT-[GUEST]:PORT, or udp");
}
END_TEST

START_TEST(addresses_follow_from_the_network)
{
    struct net_addresses a;
    struct net_user_request r = {0};
    ck_assert(net_addresses(&a, &r, &error));
    ck_assert_uint_eq(ntohl(a.host.s_addr), 0x0a000202);
    ck_assert_uint_eq(ntohl(a.dhcp_start.s_addr), 0x0a00020f);
    r.network = "192.168.7.9/25";
    r.dns = "192.168.7.100";
    ck_assert(net_addresses(&a, &r, &error));
    ck_assert_uint_eq(ntohl(a.network.s_addr), 0xc0a80700);
    ck_assert_uint_eq(ntohl(a.mask.s_addr), 0xffffff80);
    ck_assert_uint_eq(ntohl(a.dns.s_addr), 0xc0a80764);
    r.host = "10.1.1.1";
    ck_assert(!net_addresses(&a, &r, &error));
    ck_assert_str_eq(error.text, "host=10.1.1.1: not in the network");
    r = (struct net_user_request){.network = "10.0.2.0/31"};
    ck_assert(!net_addresses(&a, &r, &error));
}
END_TEST

/* --- the user's network --- */

static sem_t news;

static void tell(void *owner)
{
    sem_post(owner);
}

static const struct net_owner owner = {tell, &news};

static struct received {
    size_t size;
    uint8_t bytes[NET_FRAME_MOST];
} received;

static bool always_ready(void *card, size_t size)
{
    (void)card;
    (void)size;
    return true;
}

static void receive(void *card, const uint8_t *frame, size_t size)
{
    struct received *r = card;
    memcpy(r->bytes, frame, size);
    r->size = size;
}

/* Until one of that type has come. */
static void await_frame(struct net *n, uint16_t type)
{
    do {
        received.size = 0;
        sem_wait(&news);
        net_deliver(n);
    } while (!received.size || net_load16(received.bytes + 12) != type);
}

static struct net *open_user_network(const struct net_request *r)
{
    sem_init(&news, 0, 0);
    struct net *n = net_open(r, &owner, &error);
    ck_assert_msg(n != NULL, "%s", error.text);
    net_connect(n, &(struct net_card){always_ready, receive, NULL, &received});
    ck_assert(net_start(n, &error));
    return n;
}

/* Who has 10.0.2.2? */
static const uint8_t question[60] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0, 0x12, 0x34,
                                     0x56, 8,    6,    0,    1,    8,    0,    6,    4, 0,    1,
                                     0x52, 0x54, 0,    0x12, 0x34, 0x56, 10,   0,    2, 15,   0,
                                     0,    0,    0,    0,    0,    10,   0,    2,    2};

START_TEST(the_gateway_answers)
{
    static const uint8_t gateway[] = {10, 0, 2, 2};
    const struct net_request r = {.option = "-nic", .type = NET_USER, .user.no_ipv6 = true};
    struct net *n = open_user_network(&r);
    net_send(n, question, sizeof question);
    await_frame(n, 0x0806);
    ck_assert_uint_eq(received.bytes[21], 2);
    ck_assert_mem_eq(received.bytes + 28, gateway, 4);
    net_close(n);
}
END_TEST

static void hold(void *semaphores)
{
    sem_t *s = semaphores;
    sem_post(&s[0]);
    sem_wait(&s[1]);
}

/* A socket of the loopback, which waits for this long at most. */
static int listen_to_datagrams(uint16_t *port)
{
    const struct timeval patience = {.tv_sec = 20};
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof a;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &length), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

/* What the guest sends goes to the network's process at once: the thread, which is held, has no
 * part in that. */
START_TEST(sending_wakes_no_thread)
{
    enum { DATAGRAMS = 20 };
    uint8_t datagram[60] = {0x52, 0x55, 10, 0,  2, 2, 0x52, 0x54, 0,  0x12, 0x34, 0x56, 8,  0,
                            0x45, 0,    0,  32, 0, 0, 0,    0,    64, 17,   0,    0,    10, 0,
                            2,    15,   10, 0,  2, 2, 4,    0,    0,  0,    0,    12};
    const struct net_request r = {.option = "-nic", .type = NET_USER, .user.no_ipv6 = true};
    sem_t holder[2];
    uint8_t got[64];
    uint16_t port;
    int fd = listen_to_datagrams(&port);
    net_store16(datagram + 36, port);
    net_store16(datagram + 24, (uint16_t)~net_sum(datagram + 14, 20));
    sem_init(&holder[0], 0, 0);
    sem_init(&holder[1], 0, 0);
    struct net *n = net_open(&r, &(struct net_owner){hold, holder}, &error);
    ck_assert_msg(n != NULL, "%s", error.text);
    ck_assert(net_start(n, &error));
    net_send(n, question, sizeof question);
    sem_wait(&holder[0]);
    for (unsigned i = 0; i < DATAGRAMS; i++) {
        datagram[42] = (uint8_t)i;
        net_send(n, datagram, sizeof datagram);
        ck_assert_int_eq(recv(fd, got, sizeof got, 0), 4);
        ck_assert_uint_eq(got[0], i);
    }
    sem_post(&holder[1]);
    net_close(n);
    close(fd);
}
END_TEST

START_TEST(frames_are_written_to_a_file)
{
    char path[] = "/tmp/tessera-dump-XXXXXX", command[256], line[256] = "";
    close(mkstemp(path));
    const struct net_request r = {
        .option = "-nic", .type = NET_USER, .user.no_ipv6 = true, .dump = path};
    struct net *n = open_user_network(&r);
    net_send(n, question, sizeof question);
    await_frame(n, 0x0806);
    net_close(n);
    ck_assert(files_close());
    snprintf(command, sizeof command, "tshark -r %s 2>/dev/null | grep -c ARP", path);
    FILE *pipe = popen(command, "r"); // NOLINT(cert-env33-c): a command of our own
    ck_assert_ptr_nonnull(fgets(line, sizeof line, pipe));
    pclose(pipe);
    unlink(path);
    ck_assert_str_eq(line, "2\n");
}
END_TEST

START_TEST(what_cannot_be_is_said)
{
    struct net_request r = {.option = "-nic", .type = NET_USER, .user.tftp = "/nowhere"};
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    ck_assert_str_eq(error.text, "-nic: tftp=/nowhere: No such file or directory");
    r = (struct net_request){
        .option = "-nic", .type = NET_USER, .user = {.forward = {"tcp::1-:1x"}, .forwards = 1}};
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    r = (struct net_request){.option = "-nic", .type = NET_USER, .dump = "/nowhere/at/all"};
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    ck_assert_str_eq(error.text, "/nowhere/at/all: No such file or directory");
}
END_TEST

/* --- two sides of a socket --- */

static struct net *open_side(const struct net_request *r, struct received *to)
{
    struct net *n = net_open(r, &owner, &error);
    ck_assert_msg(n != NULL, "%s", error.text);
    net_connect(n, &(struct net_card){always_ready, receive, NULL, to});
    ck_assert(net_start(n, &error));
    return n;
}

/* What one sends comes to the other, frames of all sizes in order. */
static void check_way(struct net *from, struct net *to, const struct received *r)
{
    static uint8_t frame[NET_FRAME_MOST];
    for (uint32_t i = 0; i < 50; i++) {
        size_t size = size_of(i) < NET_HEADER ? NET_HEADER : size_of(i);
        fill(frame, size, i);
        net_send(from, frame, size);
        while (r->size != size || memcmp(r->bytes, frame, size) != 0) {
            sem_wait(&news);
            net_deliver(to);
        }
    }
}

START_TEST(a_socket_has_two_sides)
{
    static struct received here, there;
    char address[] = "127.0.0.1:00000";
    struct net_request r = {.option = "-nic", .type = NET_SOCKET, .listen = address};
    struct net *listens = NULL;
    sem_init(&news, 0, 0);
    for (int port = 20000 + getpid() % 20000; !listens; port++) {
        snprintf(address, sizeof address, "127.0.0.1:%d", port);
        listens = net_open(&r, &owner, &error);
    }
    net_connect(listens, &(struct net_card){always_ready, receive, NULL, &here});
    ck_assert(net_start(listens, &error));
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "Address already in use"));
    r = (struct net_request){.option = "-nic", .type = NET_SOCKET, .connect = address};
    struct net *connects = open_side(&r, &there);
    check_way(connects, listens, &here);
    check_way(listens, connects, &there);
    net_close(connects);
    connects = open_side(&r, &there); /* another one comes */
    check_way(connects, listens, &here);
    net_close(listens);
    net_close(connects);
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "Connection refused"));
}
END_TEST

/* Ports of the host's that are free, if nobody takes them meanwhile. */
static void find_ports(char first[32], char second[32])
{
    struct sockaddr_in a[2];
    int fd[2];
    for (unsigned i = 0; i < 2; i++) {
        socklen_t size = sizeof a[i];
        a[i] =
            (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        fd[i] = socket(AF_INET, SOCK_DGRAM, 0);
        ck_assert_int_eq(bind(fd[i], (struct sockaddr *)&a[i], size), 0);
        ck_assert_int_eq(getsockname(fd[i], (struct sockaddr *)&a[i], &size), 0);
    }
    close(fd[0]);
    close(fd[1]);
    snprintf(first, 32, "127.0.0.1:%u", ntohs(a[0].sin_port));
    snprintf(second, 32, "127.0.0.1:%u", ntohs(a[1].sin_port));
}

START_TEST(datagrams_are_frames)
{
    static struct received here, there;
    char first[32], second[32];
    find_ports(first, second);
    struct net_request r = {.option = "-nic", .type = NET_SOCKET, .udp = second, .local = first};
    sem_init(&news, 0, 0);
    struct net *one = open_side(&r, &here);
    ck_assert_ptr_null(net_open(&r, &owner, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "Address already in use"));
    r.udp = first;
    r.local = second;
    struct net *other = open_side(&r, &there);
    check_way(one, other, &there);
    check_way(other, one, &here);
    net_close(other);
    net_close(one);
}
END_TEST

/* --- tap --- */

/* With the right to, an interface that is there as long as the network; or a line that says why. */
START_TEST(a_tap_is_an_interface_of_the_host)
{
    const struct net_request r = {.option = "-nic", .type = NET_TAP, .interface = "tessera%d"};
    struct net *n = net_open(&r, &owner, &error);
    const char *look = "ls /sys/class/net | grep -q tessera";
    if (n)
        ck_assert_int_eq(system(look), 0); // NOLINT(cert-env33-c): a command of our own
    else
        ck_assert_msg(strncmp(error.text, "-nic tap: ", 10) == 0, "%s", error.text);
    if (n)
        net_close(n);
    struct net_request bad = r;
    bad.interface = "a-name-that-is-too-long";
    ck_assert_ptr_null(net_open(&bad, &owner, &error));
    ck_assert_str_eq(error.text, "-nic ifname=a-name-that-is-too-long: too long for an interface");
}
END_TEST

Suite *net_suite(void)
{
    Suite *suite = suite_create("net");
    TCase *c = tcase_create("net");
    tcase_set_timeout(c, 120);
    tcase_add_test(c, frames_come_out_as_they_went_in);
    tcase_add_test(c, a_full_queue_takes_nothing);
    tcase_add_test(c, forwarded_ports_are_understood);
    tcase_add_test(c, forwarded_ports_that_are_none);
    tcase_add_test(c, addresses_follow_from_the_network);
    tcase_add_test(c, the_gateway_answers);
    tcase_add_test(c, sending_wakes_no_thread);
    tcase_add_test(c, frames_are_written_to_a_file);
    tcase_add_test(c, what_cannot_be_is_said);
    tcase_add_test(c, a_socket_has_two_sides);
    tcase_add_test(c, datagrams_are_frames);
    tcase_add_test(c, a_tap_is_an_interface_of_the_host);
    suite_add_tcase(suite, c);
    return suite;
}
