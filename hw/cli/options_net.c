/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options about networks and their cards: -netdev and -device, which name each other; -nic, which
 * is one of each; -net, the oldest form, of which each card gets the next network.
 */
#include "hw/cli/option_setters.h"

#include "hw/net/network_card.h"

#include <stdio.h>
#include <string.h>

/* --- what is being described: the last --- */

static struct net_request *network(const struct given *g)
{
    return &g->options->net[g->options->nets];
}

static struct card_request *card(const struct given *g)
{
    return &g->options->card[g->options->cards];
}

static bool new_network(const struct given *g, enum net_type type)
{
    if (g->options->nets == NETWORKS)
        return error_set(g->error, "%s: there can be only %d networks", g->option, NETWORKS);
    *network(g) = (struct net_request){.option = g->option, .type = type};
    return true;
}

static bool new_card(const struct given *g)
{
    if (g->options->cards == CARDS)
        return error_set(g->error, "%s: there can be only %d network cards", g->option, CARDS);
    *card(g) = (struct card_request){
        .option = g->option, .net = -1, .port = NE2000_PORT, .irq = NE2000_IRQ};
    return true;
}

/* --- properties --- */

#define OF_NET(type, name)                                                                         \
    _Generic(((struct net_request *)0)->name, type : offsetof(struct net_request, name))
#define OF_CARD(type, name)                                                                        \
    _Generic(((struct card_request *)0)->name, type : offsetof(struct card_request, name))

static bool set_net_text(const struct given *g)
{
    *(const char **)((char *)network(g) + g->setting->field) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static bool set_net_switch(const struct given *g)
{
    bool on = strcmp(g->value, "on") == 0;
    *(bool *)((char *)network(g) + g->setting->field) = on != (bool)g->setting->number;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

static bool add_forward(const struct given *g)
{
    struct net_user_request *u = &network(g)->user;
    if (u->forwards == NET_FORWARDS)
        return refuse(g, "more than %d ports", NET_FORWARDS);
    u->forward[u->forwards++] = g->value;
    return true;
}

static bool set_card_text(const struct given *g)
{
    *(const char **)((char *)card(g) + g->setting->field) = g->value;
    return true;
}

static bool set_card_switch(const struct given *g)
{
    bool on = strcmp(g->value, "on") == 0;
    *(bool *)((char *)card(g) + g->setting->field) = on;
    return on || strcmp(g->value, "off") == 0 || refuse(g, "not on or off");
}

static bool set_model(const struct given *g)
{
    char names[128];
    join_choices(card_model_name, names, sizeof names);
    card(g)->model = g->value;
    if (strcmp(g->value, "help") == 0)
        return list_instead(g, LIST_CARDS);
    return card_model_find(g->value, strlen(g->value)) ||
           refuse(g, "no such card; there is %s", names);
}

static bool set_port(const struct given *g)
{
    unsigned long port;
    if (!parse_number(g->value, 0xffff - NE2000_PORTS + 1, &port) || port % NE2000_PORTS)
        return refuse(g, "not a port from which %d are there", NE2000_PORTS);
    card(g)->port = (unsigned)port;
    return true;
}

static bool set_irq(const struct given *g)
{
    unsigned long irq;
    if (!parse_number(g->value, 15, &irq) || irq < 3)
        return refuse(g, "not an interrupt request from 3 to 15");
    card(g)->irq = (unsigned)irq;
    return true;
}

/* Two hexadecimal digits. */
static bool take_byte(const char *text, uint8_t *byte)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    unsigned value = 0;
    for (unsigned i = 0; i < 2; i++) {
        const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
        if (!digit)
            return false;
        value = value << 4 | ((unsigned)(digit - digits) & 15);
    }
    *byte = (uint8_t)value;
    return true;
}

static bool set_mac(const struct given *g)
{
    enum { LENGTH = 3 * NET_ADDRESS - 1 };
    struct card_request *c = card(g);
    bool good = strlen(g->value) == LENGTH;
    for (unsigned i = 0; good && i < NET_ADDRESS; i++)
        good = take_byte(g->value + 3 * i, &c->mac[i]) &&
               (i == NET_ADDRESS - 1 || strchr(":-", g->value[3 * i + 2]));
    c->has_mac = true;
    return (good && !(c->mac[0] & 1)) ||
           refuse(g, "not the address of a card, like 52:54:00:12:34:56");
}

/* Of a network of each type. */
static const struct setting user_properties[] = {
    {"hostfwd", "tcp:HOST:PORT-GUEST:PORT", .set = add_forward},
    {"restrict", "on|off", .set = set_net_switch, .field = OF_NET(bool, user.restricted)},
    {"tftp", "FOLDER", .set = set_net_text, .field = OF_NET(const char *, user.tftp)},
    {"bootfile", "FILE", .set = set_net_text, .field = OF_NET(const char *, user.bootfile)},
    {"hostname", "NAME", .set = set_net_text, .field = OF_NET(const char *, user.hostname)},
    {"domainname", "NAME", .set = set_net_text, .field = OF_NET(const char *, user.domain)},
    {"net", "ADDRESS/BITS", .set = set_net_text, .field = OF_NET(const char *, user.network)},
    {"host", "ADDRESS", .set = set_net_text, .field = OF_NET(const char *, user.host)},
    {"dns", "ADDRESS", .set = set_net_text, .field = OF_NET(const char *, user.dns)},
    {"dhcpstart", "ADDRESS", .set = set_net_text, .field = OF_NET(const char *, user.dhcp_start)},
    {"ipv6", "on|off", .set = set_net_switch, .field = OF_NET(bool, user.no_ipv6), .number = 1},
    {"ipv4", "on", .set = set_only, .reason = "there is always IPv4"},
    {"id", "NAME", .set = set_net_text, .field = OF_NET(const char *, id)},
    {0},
};
static const struct setting socket_properties[] = {
    {"listen", "HOST:PORT", .set = set_net_text, .field = OF_NET(const char *, listen)},
    {"connect", "HOST:PORT", .set = set_net_text, .field = OF_NET(const char *, connect)},
    {"udp", "HOST:PORT", .set = set_net_text, .field = OF_NET(const char *, udp)},
    {"localaddr", "HOST:PORT", .set = set_net_text, .field = OF_NET(const char *, local)},
    {"id", "NAME", .set = set_net_text, .field = OF_NET(const char *, id)},
    {0},
};
static const struct setting tap_properties[] = {
    {"ifname", "NAME", .set = set_net_text, .field = OF_NET(const char *, interface)},
    {"script downscript", "no", .set = set_only, .reason = "nothing is run for an interface"},
    {"id", "NAME", .set = set_net_text, .field = OF_NET(const char *, id)},
    {0},
};

/* Of a card; by -nic and -net nic; by -device. */
static const struct setting card_properties[] = {
    {"mac macaddr", "ADDRESS", .set = set_mac},
    {"romfile", "FILE", .set = set_card_text, .field = OF_CARD(const char *, rom)},
    {"disable-legacy", "on|off", .set = set_card_switch,
     .field = OF_CARD(bool, interfaces.no_legacy)},
    {"disable-modern", "on|off", .set = set_card_switch,
     .field = OF_CARD(bool, interfaces.no_modern)},
    {"iobase", "PORT", .set = set_port},
    {"irq", "NUMBER", .set = set_irq},
    {0},
};
static const struct setting model_property[] = {{"model", "NAME", .set = set_model}, {0}};
static const struct setting device_properties[] = {
    {"netdev", "ID", .set = set_card_text, .field = OF_CARD(const char *, netdev)},
    {"id", "NAME", .set = set_nothing},
    {0},
};

/* One list of up to three, until the next. */
static const struct setting *join(const struct setting *a, const struct setting *b,
                                  const struct setting *c)
{
    static struct setting all[32];
    const struct setting *const lists[] = {a, b, c};
    unsigned n = 0;
    for (unsigned i = 0; i < 3; i++)
        for (const struct setting *s = lists[i]; s && s->names; s++)
            all[n++] = *s;
    all[n] = (struct setting){0};
    return all;
}

static const struct setting *of_nic(const struct setting *network)
{
    return join(network, card_properties, model_property);
}

/* --- networks --- */

static const struct type {
    const char *name;
    enum net_type type;
    const struct setting *properties;
} types[] = {
    {"user", NET_USER, user_properties},
    {"socket", NET_SOCKET, socket_properties},
    {"tap", NET_TAP, tap_properties},
    {0},
};

static const char *type_name(unsigned i)
{
    return types[i].name;
}

static const struct type *find_type(const struct given *g, size_t length)
{
    char names[64];
    for (const struct type *t = types; t->name; t++)
        if (strlen(t->name) == length && strncmp(t->name, g->value, length) == 0)
            return t;
    join_choices(type_name, names, sizeof names);
    refuse(g, "no such network; there is %s", names);
    return NULL;
}

bool set_netdev(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    const struct type *t = find_type(g, length);
    if (!t || !new_network(g, t->type) || !set_rest(g, length, t->properties))
        return false;
    if (!network(g)->id)
        return refuse(g, "id= is missing");
    g->options->nets++;
    return true;
}

/* "model=e1000" alone is a card at a user network. */
static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

static bool add_nic(const struct given *g)
{
    card(g)->net = (int)g->options->nets++;
    g->options->cards++;
    return true;
}

bool set_nic(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    if (is_word(g->value, length, "none"))
        return true;
    if (memchr(g->value, '=', length)) {
        return new_network(g, NET_USER) && new_card(g) &&
               set_properties(g, g->value, of_nic(user_properties)) && add_nic(g);
    }
    const struct type *t = find_type(g, length);
    return t && new_network(g, t->type) && new_card(g) &&
           set_rest(g, length, of_nic(t->properties)) && add_nic(g);
}

bool set_net(const struct given *g)
{
    size_t length = strcspn(g->value, ",");
    if (is_word(g->value, length, "none"))
        return true;
    if (is_word(g->value, length, "nic")) {
        if (!new_card(g) || !set_rest(g, length, of_nic(NULL)))
            return false;
        card(g)->is_old = true;
        return ++g->options->cards;
    }
    const struct type *t = find_type(g, length);
    if (!t || !new_network(g, t->type) || !set_rest(g, length, t->properties))
        return false;
    network(g)->is_old = true;
    return ++g->options->nets;
}

/* --- cards --- */

static size_t model_length(const struct given *g)
{
    return strcspn(g->value, ",");
}

static const struct card_model *find_model(const struct given *g)
{
    return card_model_find(g->value, model_length(g));
}

bool is_card(const struct given *g)
{
    return find_model(g);
}

bool set_card(const struct given *g)
{
    if (!new_card(g) ||
        !set_rest(g, model_length(g), join(card_properties, device_properties, NULL)))
        return false;
    card(g)->model = find_model(g)->name;
    return ++g->options->cards;
}

/* --- files of frames --- */

static bool set_dump_text(const struct given *g)
{
    struct dump_request *d = &g->options->dump[g->options->dumps];
    *(const char **)((char *)d + g->setting->field) = g->value;
    return *g->value || refuse(g, "nothing is given");
}

static const struct setting dump_properties[] = {
    {"netdev", "ID", .set = set_dump_text, .field = offsetof(struct dump_request, netdev)},
    {"file", "FILE", .set = set_dump_text, .field = offsetof(struct dump_request, path)},
    {"id", "NAME", .set = set_nothing},
    {0},
};

bool set_dump(const struct given *g)
{
    struct options *o = g->options;
    if (o->dumps == DUMPS)
        return refuse(g, "more than %d files of frames", DUMPS);
    o->dump[o->dumps] = (struct dump_request){0};
    if (!set_rest(g, strcspn(g->value, ","), dump_properties))
        return false;
    const struct dump_request *d = &o->dump[o->dumps++];
    return (d->netdev && d->path) || refuse(g, "not filter-dump,netdev=ID,file=FILE");
}

/* --- all of them --- */

static int find_network(const struct options *o, const char *id)
{
    for (unsigned i = 0; i < o->nets; i++)
        if (o->net[i].id && strcmp(o->net[i].id, id) == 0)
            return (int)i;
    return -1;
}

static bool check_sockets(const struct options *o, struct error *error)
{
    for (const struct net_request *n = o->net; n < o->net + o->nets; n++)
        if (n->type == NET_SOCKET && !n->udp != !n->local)
            return error_set(error, "%s socket: udp= and localaddr= go together", n->option);
        else if (n->type == NET_SOCKET && !!n->listen + !!n->connect + !!n->udp != 1)
            return error_set(error,
                             "%s socket: not with either listen=, connect= or udp=", n->option);
    return true;
}

static bool give_dumps(struct options *o, struct error *error)
{
    for (const struct dump_request *d = o->dump; d < o->dump + o->dumps; d++) {
        int net = find_network(o, d->netdev);
        if (net < 0)
            return error_set(error, "-object filter-dump,netdev=%s: no network has that id",
                             d->netdev);
        if (o->net[net].dump)
            return error_set(
                error, "-object filter-dump,netdev=%s: that network has a file already", d->netdev);
        o->net[net].dump = d->path;
    }
    return true;
}

static int next_old_network(const struct options *o, int from)
{
    int i = from;
    while (i < (int)o->nets && !o->net[i].is_old)
        i++;
    return i < (int)o->nets ? i : -1;
}

static bool check_ids(const struct options *o, struct error *error)
{
    for (unsigned i = 0; i < o->nets; i++)
        if (o->net[i].id && find_network(o, o->net[i].id) != (int)i)
            return error_set(error, "%s id=%s: there is a network of that name already",
                             o->net[i].option, o->net[i].id);
    for (unsigned i = 0; i < o->cards; i++)
        for (unsigned j = 0; j < i; j++)
            if (o->card[i].net >= 0 && o->card[i].net == o->card[j].net)
                return error_set(error, "%s netdev=%s: that network has a card already",
                                 o->card[i].option, o->card[i].netdev);
    return true;
}

static bool check_interfaces(const struct options *o, struct error *error)
{
    for (const struct card_request *c = o->card; c < o->card + o->cards; c++)
        if (c->interfaces.no_legacy && c->interfaces.no_modern)
            return error_set(error, "%s: disable-legacy=on and disable-modern=on leave nothing",
                             c->option);
    return true;
}

static bool find_networks(struct options *o, struct error *error)
{
    int old = -1;
    for (struct card_request *c = o->card; c < o->card + o->cards; c++) {
        if (c->netdev && (c->net = find_network(o, c->netdev)) < 0)
            return error_set(error, "%s %s,netdev=%s: no -netdev has that id", c->option, c->model,
                             c->netdev);
        if (c->is_old) {
            old = next_old_network(o, old + 1);
            c->net = old;
            old = old < 0 ? (int)o->nets : old;
        }
    }
    return true;
}

/* Addresses that nobody has been given are as QEMU's. */
static void give_addresses(struct options *o)
{
    static const uint8_t first[NET_ADDRESS] = {0x52, 0x54, 0x00, 0x12, 0x34, 0x56};
    for (unsigned i = 0; i < o->cards; i++) {
        struct card_request *c = &o->card[i];
        if (c->has_mac)
            continue;
        memcpy(c->mac, first, sizeof first);
        c->mac[NET_ADDRESS - 1] = (uint8_t)(c->mac[NET_ADDRESS - 1] + i);
    }
}

bool complete_cards(struct options *o, struct error *error)
{
    give_addresses(o);
    return check_interfaces(o, error) && find_networks(o, error) && check_ids(o, error) &&
           check_sockets(o, error) && give_dumps(o, error);
}
