/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See net.h. */
#include "hw/virtio/net.h"

#include "exec/exec.h"
#include "hw/net/net_checksum.h"

#include <string.h>

/* 5.1.3 */
#define F_CSUM       (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MAC        (1ull << 5)
#define F_MRG_RXBUF  (1ull << 15)
#define F_STATUS     (1ull << 16)

enum { RECEIVE, TRANSMIT, QUEUES };
/* The configuration (5.1.4). */
enum { CONFIG_MAC = 0, CONFIG_STATUS = 6, CONFIG_SIZE = 8, LINK_UP = 1 };

/* In front of each frame (5.1.6). */
enum { NEEDS_CSUM = 1, DATA_VALID = 2 };
struct header {
    uint8_t flags, segmentation;
    uint16_t header_size, segment_size;
    uint16_t sum_start, sum_offset;
    uint16_t buffers; /* not there in the legacy interface without mergeable buffers */
};

static size_t header_size(const struct virtio *v)
{
    bool has_buffers = virtio_is_modern(v) || virtio_has(v, F_MRG_RXBUF);
    return has_buffers ? sizeof(struct header) : offsetof(struct header, buffers);
}

/* --- sending --- */

/* Where the sum goes there is that of the pseudo header (5.1.6.2). */
static void insert_sum(const struct header *h, uint8_t *frame, size_t size)
{
    size_t start = h->sum_start, at = start + h->sum_offset;
    if (at + 2 <= size)
        net_store16(frame + at, (uint16_t)~net_sum(frame + start, size - start));
}

static void send(struct virtio_net *s, const struct virtio_chain *c)
{
    static uint8_t frame[NET_FRAME_MOST];
    struct virtio *v = &s->virtio;
    struct header h = {0};
    size_t before = header_size(v);
    if (virtio_chain_read(v, c, 0, &h, before) < before) {
        virtio_break(v, "a frame without its header");
        return;
    }
    size_t size = virtio_chain_read(v, c, before, frame, sizeof frame);
    if (size < NET_HEADER || c->readable - before > sizeof frame || h.segmentation) {
        log_if(LOG_GUEST_ERRORS, "virtio-net: a frame that cannot be sent\n");
        return;
    }
    if (h.flags & NEEDS_CSUM && virtio_has(v, F_CSUM))
        insert_sum(&h, frame, size);
    net_send(s->net, frame, size);
}

static void transmit(struct virtio_net *s)
{
    static struct virtio_chain chain;
    struct virtio *v = &s->virtio;
    for (unsigned n = virtqueue_waiting(v, TRANSMIT);
         n && net_ready(s->net) && virtqueue_take(v, TRANSMIT, &chain); n--) {
        send(s, &chain);
        virtqueue_give_back(v, TRANSMIT, chain.head, 0);
    }
    virtqueue_interrupt(v, TRANSMIT);
}

static void resume(void *card)
{
    transmit(card);
}

/* --- receiving --- */

/* A frame may take several buffers if the driver can merge them (5.1.6.3.1). */
static bool can_merge(const struct virtio *v)
{
    return virtio_has(v, F_MRG_RXBUF);
}

/* How many of the buffers that wait hold so much; 0: all of them do not. */
static unsigned buffers_for(struct virtio *v, uint64_t size, unsigned waiting)
{
    static struct virtio_chain chain;
    uint64_t room = 0;
    unsigned most = can_merge(v) || !waiting ? waiting : 1;
    for (unsigned n = 0; n < most; n++) {
        if (!virtqueue_look(v, RECEIVE, n, &chain))
            return 0;
        room += chain.writable;
        if (room >= size)
            return n + 1;
    }
    return 0;
}

/* What a full queue has no room for, or a buffer that cannot be merged, is lost. */
static bool can_receive(void *card, size_t size)
{
    struct virtio_net *s = card;
    struct virtio *v = &s->virtio;
    unsigned waiting = virtqueue_waiting(v, RECEIVE);
    if (!virtqueue_is_ready(v, RECEIVE) || buffers_for(v, header_size(v) + size, waiting))
        return true;
    virtqueue_await_more(v, RECEIVE, waiting);
    return waiting && (!can_merge(v) || waiting == v->queue[RECEIVE].size);
}

/* What our host has is whole; the driver need not sum it up again (5.1.6.4.2). */
static bool is_valid(const uint8_t *frame, size_t size)
{
    const struct net_layout l = net_layout(frame, size);
    return (l.tcp || l.udp) && (!l.ipv4 || net_ip_is_good(&l, frame)) &&
           net_above_is_good(&l, frame);
}

static void receive(void *card, const uint8_t *frame, size_t size)
{
    static uint8_t bytes[sizeof(struct header) + NET_FRAME_MOST];
    static struct virtio_chain chain;
    struct virtio_net *s = card;
    struct virtio *v = &s->virtio;
    size_t before = header_size(v), all = before + size, done = 0;
    unsigned buffers = buffers_for(v, all, virtqueue_waiting(v, RECEIVE));
    if (!buffers || size > NET_FRAME_MOST)
        return;
    bool valid = virtio_has(v, F_GUEST_CSUM) && is_valid(frame, size);
    const struct header h = {.flags = valid ? DATA_VALID : 0, .buffers = (uint16_t)buffers};
    memcpy(bytes, &h, before);
    memcpy(bytes + before, frame, size);
    while (buffers-- && virtqueue_take(v, RECEIVE, &chain)) {
        size_t part = virtio_chain_write(v, &chain, 0, bytes + done, all - done);
        done += part;
        virtqueue_give_back(v, RECEIVE, chain.head, (uint32_t)part);
    }
    virtqueue_interrupt(v, RECEIVE);
}

/* --- the device --- */

static void notified(void *device, unsigned queue)
{
    struct virtio_net *s = device;
    if (queue == TRANSMIT) {
        transmit(s);
        return;
    }
    virtqueue_interrupt(&s->virtio, RECEIVE);
    net_deliver(s->net);
}

/* The legacy interface sets the address by its bytes (5.1.4.3). */
static void configure(void *device, unsigned offset, uint8_t value)
{
    struct virtio_net *s = device;
    if (offset < CONFIG_STATUS && !virtio_is_modern(&s->virtio))
        s->virtio.config[offset] = value;
}

static const struct virtio_kind kind = {.type = VIRTIO_NET,
                                        .class_code = 0x020000,
                                        .queues = QUEUES,
                                        .config_size = CONFIG_SIZE,
                                        .notified = notified,
                                        .configure = configure};

bool virtio_net_init(struct virtio_net *s, const struct virtio_place *place, struct net *net,
                     const uint8_t mac[NET_ADDRESS])
{
    struct virtio *v = &s->virtio;
    s->net = net;
    if (!virtio_init(v, &kind, s, place))
        return false;
    v->offered |= F_CSUM | F_GUEST_CSUM | F_MAC | F_MRG_RXBUF | F_STATUS;
    memcpy(v->config + CONFIG_MAC, mac, NET_ADDRESS);
    v->config[CONFIG_STATUS] = net ? LINK_UP : 0;
    net_connect(net, &(struct net_card){can_receive, receive, resume, s});
    return true;
}

static void reset(void *device)
{
    struct virtio_net *s = device;
    virtio_reset(&s->virtio);
}

static void restored(void *device)
{
    struct virtio_net *s = device;
    virtio_restored(&s->virtio);
}

static const struct state_field fields[] = {
    {STATE_OF(virtio_net, virtio, &virtio_state)},
    {NOT_STATE(virtio_net, net)},
    {0},
};
static const struct state_table state = STATE_TABLE(virtio_net, 1, fields);
const struct device virtio_net_device = {
    .name = "virtio-net", .reset = reset, .state = &state, .restored = restored};
