/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device tree of `ppce500`: see device_tree.h. */
#include "hw/ppc/device_tree.h"

#ifdef HAVE_FDT

#include "hw/ppc/ppce500.h"

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

/* Nodes that others refer to. */
enum { PHANDLE_MPIC = 1, PHANDLE_GPIO };
/* Senses of an interrupt at the MPIC. */
enum { LEVEL_LOW = 1, LEVEL_HIGH = 2 };
enum { PLATFORM_HZ = 400000000, PCI_HZ = 66666666 };

/* What goes wrong once remains: the tree is not used then. */
struct tree {
    void *fdt;
    int failed;
};

static void note(struct tree *t, int result)
{
    if (result < 0 && !t->failed)
        t->failed = result;
}

static int add_node(struct tree *t, int parent, const char *name)
{
    int node = fdt_add_subnode(t->fdt, parent, name);
    note(t, node);
    return node < 0 ? 0 : node;
}

static void set_text(struct tree *t, int node, const char *name, const char *text)
{
    note(t, fdt_setprop_string(t->fdt, node, name, text));
}

static void set_flag(struct tree *t, int node, const char *name)
{
    note(t, fdt_setprop_empty(t->fdt, node, name));
}

static void set_cells(struct tree *t, int node, const char *name, const uint32_t *cells,
                      unsigned count)
{
    note(t, fdt_setprop(t->fdt, node, name, NULL, 0));
    for (unsigned i = 0; i < count; i++)
        note(t, fdt_appendprop_u32(t->fdt, node, name, cells[i]));
}
#define SET(t, node, name, ...)                                                                    \
    do {                                                                                           \
        const uint32_t cells_[] = {__VA_ARGS__};                                                   \
        set_cells(t, node, name, cells_, sizeof cells_ / sizeof *cells_);                          \
    } while (0)

/* Texts behind each other, as of "compatible". */
#define SET_TEXTS(t, node, name, texts)                                                            \
    note(t, fdt_setprop((t)->fdt, node, name, texts, sizeof(texts)))

/* --- nodes --- */

static void add_cpu(struct tree *t, const struct device_tree_facts *facts)
{
    int cpus = add_node(t, 0, "cpus");
    SET(t, cpus, "#address-cells", 1);
    SET(t, cpus, "#size-cells", 0);
    int cpu = add_node(t, cpus, "PowerPC,e500mc@0");
    set_text(t, cpu, "device_type", "cpu");
    SET(t, cpu, "reg", 0);
    set_text(t, cpu, "status", "okay");
    SET(t, cpu, "clock-frequency", PLATFORM_HZ);
    SET(t, cpu, "timebase-frequency", facts->timebase_hz);
    SET(t, cpu, "bus-frequency", PLATFORM_HZ);
    SET(t, cpu, "d-cache-line-size", 64);
    SET(t, cpu, "i-cache-line-size", 64);
    SET(t, cpu, "d-cache-size", 32 * 1024);
    SET(t, cpu, "i-cache-size", 32 * 1024);
}

static void add_mpic(struct tree *t, int soc)
{
    int mpic = add_node(t, soc, "pic@40000");
    set_text(t, mpic, "device_type", "open-pic");
    set_text(t, mpic, "compatible", "fsl,mpic");
    SET(t, mpic, "reg", PPCE500_MPIC, MPIC_SIZE);
    SET(t, mpic, "#address-cells", 0);
    SET(t, mpic, "#interrupt-cells", 2);
    set_flag(t, mpic, "interrupt-controller");
    SET(t, mpic, "phandle", PHANDLE_MPIC);
}

static void add_serial(struct tree *t, int soc, unsigned number)
{
    uint32_t at = PPCE500_SERIAL + number * PPCE500_SERIAL_STEP;
    char name[32], path[64];
    snprintf(name, sizeof name, "serial@%x", at);
    int serial = add_node(t, soc, name);
    set_text(t, serial, "device_type", "serial");
    set_text(t, serial, "compatible", "ns16550");
    SET(t, serial, "reg", at, PPCE500_SERIAL_STEP);
    SET(t, serial, "cell-index", number);
    SET(t, serial, "clock-frequency", PLATFORM_HZ);
    SET(t, serial, "interrupts", PPCE500_IRQ_SERIAL, LEVEL_HIGH);
    SET(t, serial, "interrupt-parent", PHANDLE_MPIC);
    snprintf(path, sizeof path, "/soc@%" PRIx32 "/%s", PPCE500_CCSR, name);
    snprintf(name, sizeof name, "serial%u", number);
    set_text(t, fdt_path_offset(t->fdt, "/aliases"), name, path);
    if (number == 0)
        set_text(t, fdt_path_offset(t->fdt, "/chosen"), "stdout-path", path);
}

/* gpio-poweroff's is active when it is high. */
static void add_gpio(struct tree *t, int soc)
{
    int off = add_node(t, soc, "power-off");
    set_text(t, off, "compatible", "gpio-poweroff");
    SET(t, off, "gpios", PHANDLE_GPIO, PPCE500_POWER_PIN, 0);
    int gpio = add_node(t, soc, "gpio@ff000");
    set_text(t, gpio, "compatible", "fsl,qoriq-gpio");
    SET(t, gpio, "reg", PPCE500_GPIO, GPIO_SIZE);
    SET(t, gpio, "interrupts", PPCE500_IRQ_GPIO, LEVEL_HIGH);
    SET(t, gpio, "interrupt-parent", PHANDLE_MPIC);
    SET(t, gpio, "#gpio-cells", 2);
    set_flag(t, gpio, "gpio-controller");
    SET(t, gpio, "phandle", PHANDLE_GPIO);
}

static void add_soc(struct tree *t, const struct device_tree_facts *facts)
{
    static const char compatible[] = "fsl,mpc8544-immr\0simple-bus";
    char name[32];
    snprintf(name, sizeof name, "soc@%" PRIx32, PPCE500_CCSR);
    int soc = add_node(t, 0, name);
    set_text(t, soc, "device_type", "soc");
    SET_TEXTS(t, soc, "compatible", compatible);
    SET(t, soc, "#address-cells", 1);
    SET(t, soc, "#size-cells", 1);
    SET(t, soc, "ranges", 0, 0, PPCE500_CCSR, PPCE500_CCSR_SIZE);
    SET(t, soc, "bus-frequency", PLATFORM_HZ);
    add_gpio(t, soc);
    for (unsigned i = facts->serials; i-- > 0;)
        add_serial(t, soc, i);
    int guts = add_node(t, soc, "global-utilities@e0000");
    set_text(t, guts, "compatible", "fsl,mpc8544-guts");
    SET(t, guts, "reg", PPCE500_GUTS, GUTS_SIZE);
    set_flag(t, guts, "fsl,has-rstcr");
    add_mpic(t, soc);
}

/* Pins of a slot, each to the MPIC's source that pci_pirq_of() makes of it. */
static void map_slot(struct tree *t, int pci, unsigned slot)
{
    for (unsigned pin = 1; pin <= PCI_PIRQS; pin++) {
        const uint32_t row[] = {
            slot << 11, 0, 0, pin, PHANDLE_MPIC, PPCE500_IRQ_PCI + (slot + pin - 1) % PCI_PIRQS,
            LEVEL_LOW};
        for (unsigned i = 0; i < sizeof row / sizeof *row; i++)
            note(t, fdt_appendprop_u32(t->fdt, pci, "interrupt-map", row[i]));
    }
}

static void add_pci(struct tree *t)
{
    enum { MEMORY_SPACE = 0x2000000, PORT_SPACE = 0x1000000, SLOTS = 32, BUS_ERROR = 24 };
    char name[32];
    snprintf(name, sizeof name, "pci@%" PRIx32, PPCE500_CCSR + PPCE500_PCI);
    int pci = add_node(t, 0, name);
    set_text(t, pci, "device_type", "pci");
    set_text(t, pci, "compatible", "fsl,mpc8540-pci");
    SET(t, pci, "cell-index", 0);
    SET(t, pci, "reg", 0, PPCE500_CCSR + PPCE500_PCI, 0, PCI_HOST_SIZE);
    SET(t, pci, "bus-range", 0, 255);
    SET(t, pci, "ranges", MEMORY_SPACE, 0, PPCE500_PCI_MEMORY, 0, PPCE500_PCI_MEMORY, 0,
        PPCE500_PCI_MEMORY_SIZE, PORT_SPACE, 0, 0, 0, PPCE500_PCI_PORTS, 0, PPCE500_PCI_PORTS_SIZE);
    SET(t, pci, "clock-frequency", PCI_HZ);
    SET(t, pci, "#interrupt-cells", 1);
    SET(t, pci, "#size-cells", 2);
    SET(t, pci, "#address-cells", 3);
    SET(t, pci, "interrupts", BUS_ERROR, LEVEL_HIGH);
    SET(t, pci, "interrupt-parent", PHANDLE_MPIC);
    SET(t, pci, "interrupt-map-mask", (SLOTS - 1) << 11, 0, 0, 7);
    for (unsigned slot = 1; slot < SLOTS; slot++)
        map_slot(t, pci, slot);
    char path[40];
    snprintf(path, sizeof path, "/%s", name);
    set_text(t, fdt_path_offset(t->fdt, "/aliases"), "pci0", path);
}

static void make_ours(struct tree *t, const struct device_tree_facts *facts)
{
    set_text(t, 0, "model", "Tessera ppce500");
    set_text(t, 0, "compatible", "fsl,qemu-e500");
    SET(t, 0, "#address-cells", 2);
    SET(t, 0, "#size-cells", 2);
    add_node(t, 0, "chosen");
    add_node(t, 0, "aliases");
    add_pci(t);
    add_soc(t, facts);
    add_cpu(t, facts);
    set_text(t, add_node(t, 0, "memory"), "device_type", "memory");
}

/* --- what the user has said --- */

static int find_node(struct tree *t, const char *name)
{
    int node = fdt_subnode_offset(t->fdt, 0, name);
    return node >= 0 ? node : add_node(t, 0, name);
}

static void complete(struct tree *t, const struct device_tree_facts *facts)
{
    SET(t, find_node(t, "memory"), "reg", 0, 0, 0, facts->ram_size);
    if (facts->append)
        set_text(t, find_node(t, "chosen"), "bootargs", facts->append);
    if (facts->initrd_end) {
        SET(t, find_node(t, "chosen"), "linux,initrd-start", facts->initrd);
        SET(t, find_node(t, "chosen"), "linux,initrd-end", facts->initrd_end);
    }
    if (facts->kernel_end)
        SET(t, find_node(t, "chosen"), "qemu,boot-kernel", 0, facts->kernel, 0,
            facts->kernel_end - facts->kernel);
}

size_t device_tree_make(const struct device_tree_facts *facts, void *to, size_t room,
                        struct error *error)
{
    const struct file *given = facts->given;
    struct tree t = {to, 0};
    if (given && fdt_check_full(given->bytes, given->size) != 0) {
        error_set(error, "%s: not a device tree", given->name);
        return 0;
    }
    note(&t,
         given ? fdt_open_into(given->bytes, to, (int)room) : fdt_create_empty_tree(to, (int)room));
    if (!t.failed && !given)
        make_ours(&t, facts);
    if (!t.failed)
        complete(&t, facts);
    note(&t, t.failed ? t.failed : fdt_pack(to));
    if (!t.failed)
        return fdt_totalsize(to);
    error_set(error, "%s: %s", given ? given->name : "the device tree", fdt_strerror(t.failed));
    return 0;
}

#else

size_t device_tree_make(const struct device_tree_facts *facts, void *to, size_t room,
                        struct error *error)
{
    (void)facts;
    (void)to;
    (void)room;
    error_set(error, "-M ppce500: this tessera was built without libfdt");
    return 0;
}

#endif
