/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See net_forward.h. */
#include "hw/host/net_forward.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static bool parse_address(struct in_addr *a, const char *name, const char *text,
                          struct error *error)
{
    return !text || inet_pton(AF_INET, text, a) == 1 ||
           error_set(error, "%s=%s: not an IPv4 address", name, text);
}

/* --- the guest's network --- */

/* As many bits as a network of that class had (RFC 791), for those who do not say. */
static unsigned usual_bits(struct in_addr network)
{
    uint32_t first = ntohl(network.s_addr) >> 24;
    return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/* "ADDRESS/BITS", or "ADDRESS/MASK" */
static bool parse_network(struct net_addresses *a, const char *text, struct error *error)
{
    char address[INET_ADDRSTRLEN + 1], *end;
    size_t length = strcspn(text, "/");
    bool good = length < sizeof address;
    memcpy(address, text, good ? length : 0);
    address[good ? length : 0] = '\0';
    good = good && inet_pton(AF_INET, address, &a->network) == 1;
    unsigned long bits = good && !text[length] ? usual_bits(a->network) : 0;
    if (good && text[length] && inet_pton(AF_INET, text + length + 1, &a->mask) != 1) {
        bits = strtoul(text + length + 1, &end, 10);
        good = !*end && bits;
    }
    if (bits)
        a->mask.s_addr = htonl(bits < 32 ? UINT32_MAX << (32 - bits) : UINT32_MAX);
    good = good && bits <= 30 && !(a->mask.s_addr & htonl(3));
    return good || error_set(error, "net=%s: not ADDRESS/BITS of a network with hosts", text);
}

static bool is_inside(const struct net_addresses *a, struct in_addr host, const char *name,
                      struct error *error)
{
    char text[INET_ADDRSTRLEN];
    return (host.s_addr & a->mask.s_addr) == a->network.s_addr ||
           error_set(error, "%s=%s: not in the network", name,
                     inet_ntop(AF_INET, &host, text, sizeof text));
}

bool net_addresses(struct net_addresses *a, const struct net_user_request *r, struct error *error)
{
    enum { HOST = 2, DNS = 3, DHCP_START = 15 };
    if (!parse_network(a, r->network ? r->network : "10.0.2.0/24", error))
        return false;
    a->network.s_addr &= a->mask.s_addr;
    a->host.s_addr = a->network.s_addr | (htonl(HOST) & ~a->mask.s_addr);
    a->dns.s_addr = a->network.s_addr | (htonl(DNS) & ~a->mask.s_addr);
    a->dhcp_start.s_addr = a->network.s_addr | (htonl(DHCP_START) & ~a->mask.s_addr);
    return parse_address(&a->host, "host", r->host, error) &&
           parse_address(&a->dns, "dns", r->dns, error) &&
           parse_address(&a->dhcp_start, "dhcpstart", r->dhcp_start, error) &&
           is_inside(a, a->host, "host", error) && is_inside(a, a->dns, "dns", error) &&
           is_inside(a, a->dhcp_start, "dhcpstart", error);
}

/* --- forwarded ports --- */

/* Up to the separator, which is passed; *end: where the text goes on, NULL if it is not there. */
static bool take_word(const char **text, char separator, char *word, size_t room)
{
    size_t length = strcspn(*text, (char[]){separator, '\0'});
    if ((*text)[length] != separator || length >= room)
        return false;
    memcpy(word, *text, length);
    word[length] = '\0';
    *text += length + (separator != '\0');
    return true;
}

static bool take_port(const char **text, char separator, int *port)
{
    char word[8], *end;
    if (!take_word(text, separator, word, sizeof word) || *word < '0' || *word > '9')
        return false;
    unsigned long n = strtoul(word, &end, 10);
    *port = (int)n;
    return !*end && n && n <= UINT16_MAX;
}

static bool take_address(const char **text, struct in_addr *address)
{
    char word[INET_ADDRSTRLEN + 1];
    return take_word(text, ':', word, sizeof word) &&
           (!*word || inet_pton(AF_INET, word, address) == 1);
}

/* What is of the host, with `end` behind it. */
static bool take_host(struct net_forward *f, const char **text, char end)
{
    char protocol[8] = "";
    *f = (struct net_forward){.host.s_addr = htonl(INADDR_LOOPBACK)};
    if (!take_word(text, ':', protocol, sizeof protocol) || !take_address(text, &f->host) ||
        !take_port(text, end, &f->host_port))
        return false;
    f->udp = strcmp(protocol, "udp") == 0;
    return f->udp || !*protocol || strcmp(protocol, "tcp") == 0;
}

bool net_forward_parse_host(struct net_forward *f, const char *text, struct error *error)
{
    const char *rest = text;
    return take_host(f, &rest, '\0') || error_set(error, "%s: not tcp:[HOST]:PORT, or udp", text);
}

bool net_forward_parse(struct net_forward *f, const char *text, struct error *error)
{
    const char *rest = text;
    bool good = take_host(f, &rest, '-') && take_address(&rest, &f->guest) &&
                take_port(&rest, '\0', &f->guest_port);
    return good || error_set(error, "hostfwd=%s: not tcp:[HOST]:PORT-[GUEST]:PORT, or udp", text);
}

const char *net_resolver_folder(void)
{
    static char path[PATH_MAX];
    if (!realpath("/etc/resolv.conf", path))
        return "/etc";
    *strrchr(path, '/') = '\0';
    return path;
}
