/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine `ppce500`: its chips at their addresses, what its PCI host shows, the device tree,
 * and the images that it takes. Sections are those of the MPC8548E's reference manual.
 */
#include "hw/ppc/device_tree.h"
#include "hw/ppc/image.h"
#include "hw/ppc/ppce500.h"
#include "tests/hw/fixture.h"

#include "exec/memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { RAM = 16 << 20, PVR = 0x12345678, CARD = 8 };
#define GUTS   (PPCE500_CCSR + PPCE500_GUTS)
#define GPIO   (PPCE500_CCSR + PPCE500_GPIO)
#define PCI    (PPCE500_CCSR + PPCE500_PCI)
#define MPIC   (PPCE500_CCSR + PPCE500_MPIC)
#define SERIAL (PPCE500_CCSR + PPCE500_SERIAL)

static struct timers *timers;
static struct memory *memory;
static struct ppce500_board *board;
static struct far_end outside[SERIAL_PORTS];
static struct wire interrupt[MPIC_OUTPUTS], reset, off;
static char path[64];

static uint32_t get(uint32_t address)
{
    return __builtin_bswap32(memory_read(memory, address, 4));
}

static void put(uint32_t address, uint32_t value)
{
    memory_write(memory, address, __builtin_bswap32(value), 4);
}

static void setup(void)
{
    const char *error = "";
    test_time = 4711;
    timers = new_timers();
    memory = memory_create(RAM, &error);
    memset(interrupt, 0, sizeof interrupt);
    reset = off = (struct wire){false, 0};
    board = calloc(1, sizeof *board);
    struct ppce500_setup s = {
        .timers = timers,
        .memory = memory,
        .card[0] = {.model = card_models},
        .entropy = {.present = true, .repeats = true},
        .processor_version = PVR,
        .interrupt = {wire_line(&interrupt[0]), wire_line(&interrupt[1]), wire_line(&interrupt[2])},
        .reset = wire_line(&reset),
        .off = wire_line(&off)};
    for (unsigned i = 0; i < SERIAL_PORTS; i++) {
        far_end_init(&outside[i], "");
        s.serial[i] = &outside[i].chardev;
    }
    ck_assert(ppce500_board_init(board, &s));
    devices_reset(&board->devices);
    path[0] = '\0';
}

static void teardown(void)
{
    free(board);
    memory_destroy(memory);
    if (path[0])
        unlink(path);
}

/* --- chips --- */

/* Chapter 20: PVR; RSTCR's bit asks for a reset. */
START_TEST(global_utilities)
{
    ck_assert_uint_eq(get(GUTS + 0xa0), PVR);
    put(GUTS + 0xb0, 1);
    ck_assert_uint_eq(reset.rises, 0);
    put(GUTS + 0xb0, 2);
    ck_assert_uint_eq(reset.rises, 1);
    ck_assert(!reset.level);
}
END_TEST

/* A pin is driven once it is an output. */
START_TEST(gpio_turns_it_off)
{
    put(GPIO + 8, 0x80000000u);
    ck_assert(!off.level);
    ck_assert_uint_eq(get(GPIO + 8), 0);
    put(GPIO, 0x80000000u);
    ck_assert(off.level);
    ck_assert_uint_eq(get(GPIO + 8), 0x80000000u);
    memory_write(memory, GPIO + 0x18, 1, 4);
    ck_assert_uint_eq(memory_read(memory, GPIO + 8, 1), 0);
}
END_TEST

static void allow(unsigned source, unsigned vector)
{
    put(MPIC + 0x20080, 0);
    put(MPIC + 0x10000 + 0x20 * source, 8 << 16 | vector);
}

/* Both ports have interrupt 42, as long as one of them wants something. */
START_TEST(serial_ports_share_an_interrupt)
{
    allow(PPCE500_IRQ_SERIAL, 42);
    for (uint32_t port = 0x4500; port <= 0x4600; port += 0x100)
        memory_write(memory, PPCE500_CCSR + port + 1, 2, 1); /* IER: THR is empty */
    ck_assert(interrupt[MPIC_INT].level);
    memory_read(memory, PPCE500_CCSR + 0x4502, 1);
    ck_assert(interrupt[MPIC_INT].level);
    memory_read(memory, PPCE500_CCSR + 0x4602, 1);
    ck_assert(!interrupt[MPIC_INT].level);
    memory_write(memory, PPCE500_CCSR + 0x4500, 'a', 1);
    ck_assert_str_eq(outside[0].sent, "a");
}
END_TEST

/* The processor's other inputs are wired, too. */
START_TEST(a_serial_port_is_critical)
{
    put(MPIC + 0x10000 + 0x20 * PPCE500_IRQ_SERIAL, 0);
    put(MPIC + 0x10018 + 0x20 * PPCE500_IRQ_SERIAL, 1);
    memory_write(memory, PPCE500_CCSR + 0x4501, 2, 1);
    ck_assert(interrupt[MPIC_CRITICAL].level && !interrupt[MPIC_INT].level);
    put(MPIC + 0x10018 + 0x20 * PPCE500_IRQ_SERIAL, 2);
    ck_assert(interrupt[MPIC_MACHINE_CHECK].level && !interrupt[MPIC_CRITICAL].level);
}
END_TEST

START_TEST(registers_of_nobody)
{
    ck_assert_uint_eq(get(PPCE500_CCSR + 0x3000), 0);
    put(PPCE500_CCSR + 0x3000, 1);
    ck_assert_uint_eq(get(PPCE500_CCSR + 0xfe000), 0);
}
END_TEST

/* --- PCI --- */

static uint32_t config(unsigned devfn, unsigned offset)
{
    put(PCI, 0x80000000u | devfn << 8 | offset);
    return memory_read(memory, PCI + 4, 4);
}

static void set_config(unsigned devfn, unsigned offset, uint32_t value)
{
    put(PCI, 0x80000000u | devfn << 8 | offset);
    memory_write(memory, PCI + 4, value, 4);
}

/* 16.3.1: the address is big-endian, the data as the bus has it. */
START_TEST(configuration_space)
{
    ck_assert_uint_eq(config(0, 0), 0x00301957);
    ck_assert_uint_eq(config(0, 8), 0x0b200000);
    ck_assert_uint_eq(config(8, 0), 0x100e8086);
    ck_assert_uint_eq(get(PCI), 0x80000800);
    ck_assert_uint_eq(memory_read(memory, PCI + 6, 2), 0x100e);
    ck_assert_uint_eq(config(0x80, 0), UINT32_MAX);
}
END_TEST

/* PCSRBAR: systems ask for its size to know what is left for RAM. */
/* Of the last register, whatever is behind its bytes is no function's. */
START_TEST(configuration_space_ends)
{
    uint32_t id, after;
    put(PCI, 0x80000000 | CARD << 8);
    id = get(PCI + 4);
    put(PCI, 0x80000000 | CARD << 8 | 0xfc);
    ck_assert_uint_eq(memory_read(memory, PCI + 6, 2), 0);
    for (unsigned i = 1; i < 4; i++) {
        ck_assert_uint_eq(memory_read(memory, PCI + 4 + i, 4), 0);
        memory_write(memory, PCI + 4 + i, UINT32_MAX, 4);
    }
    devices_reset(&board->devices);
    put(PCI, 0x80000000 | CARD << 8);
    after = get(PCI + 4);
    ck_assert_uint_eq(after, id);
}
END_TEST

START_TEST(room_for_registers_on_the_bus)
{
    set_config(0, 0x10, UINT32_MAX);
    ck_assert_uint_eq(config(0, 0x10), -(uint32_t)PPCE500_CCSR_SIZE);
    set_config(0, 0x10, 0xbff00000);
    ck_assert_uint_eq(config(0, 0x10), 0xbff00000);
}
END_TEST

static void set_window(unsigned n, uint32_t bus, uint32_t processor, uint32_t attributes)
{
    put(PCI + 0xc00 + 0x20 * n, bus >> 12);
    put(PCI + 0xc08 + 0x20 * n, processor >> 12);
    put(PCI + 0xc10 + 0x20 * n, attributes);
}

enum { E1000_STATUS = 8, MEMORY_512M = 0x4401c, PORTS_64K = 0x8800f };
#define ENABLED 0x80000000u

/* 16.3.1.3: memory is where a window shows it, and nowhere without. */
START_TEST(memory_through_a_window)
{
    set_config(CARD, 0x10, 0xe0100000);
    set_config(CARD, 4, 7);
    ck_assert_uint_eq(memory_read(memory, 0xc0100000 + E1000_STATUS, 4), UINT32_MAX);
    set_window(1, 0xe0000000, 0xc0000000, ENABLED | MEMORY_512M);
    uint32_t status = memory_read(memory, 0xc0100000 + E1000_STATUS, 4);
    ck_assert_uint_ne(status, UINT32_MAX);
    set_window(1, 0xe0000000, 0x90000000, ENABLED | MEMORY_512M);
    ck_assert_uint_eq(memory_read(memory, 0xc0100000 + E1000_STATUS, 4), UINT32_MAX);
    ck_assert_uint_eq(memory_read(memory, 0x90100000 + E1000_STATUS, 4), status);
    set_window(1, 0xe0000000, 0x90000000, MEMORY_512M);
    ck_assert_uint_eq(memory_read(memory, 0x90100000 + E1000_STATUS, 4), UINT32_MAX);
    ck_assert_uint_eq(get(PCI + 0xc28), 0x90000);
}
END_TEST

START_TEST(ports_through_a_window)
{
    set_config(CARD, 0x18, 0x1000);
    set_config(CARD, 4, 7);
    set_window(2, 0, PPCE500_PCI_PORTS, ENABLED | PORTS_64K);
    memory_write(memory, PPCE500_PCI_PORTS + 0x1000, E1000_STATUS, 4);
    uint32_t status = memory_read(memory, PPCE500_PCI_PORTS + 0x1004, 4);
    ck_assert_uint_ne(status, UINT32_MAX);
    ck_assert_uint_ne(status, 0);
    devices_reset(&board->devices);
    ck_assert_uint_eq(memory_read(memory, PPCE500_PCI_PORTS + 0x1004, 4), UINT32_MAX);
}
END_TEST

/* INTA# of slot 1 is interrupt 2, active low; as the device tree says. */
START_TEST(pci_interrupts)
{
    put(MPIC + 0x20080, 0);
    put(MPIC + 0x10040, 8 << 16 | 0x400000 | 77);
    ck_assert(!interrupt[MPIC_INT].level);
    pci_interrupt(board->pci.bus.function[1], true);
    ck_assert(interrupt[MPIC_INT].level);
    pci_interrupt(board->pci.bus.function[1], false);
    ck_assert(!interrupt[MPIC_INT].level);
}
END_TEST

static uint32_t any_register(uint32_t *random)
{
    static const uint32_t bases[] = {GUTS,           GPIO,        PCI,           PCI + 0xc00,
                                     SERIAL,         MPIC,        MPIC + 0x1000, MPIC + 0x10000,
                                     MPIC + 0x20000, PPCE500_CCSR};
    uint32_t r = next_random(random), offset = r >> 1 & (r & 1 ? 0xffc : 0x3f);
    return bases[next_random(random) % (sizeof bases / sizeof *bases)] + offset;
}

/*
 * Registers of every chip, and configuration space, in any way, while time goes on; all of it
 * follows from the random numbers. What has been read, as one number.
 */
static uint32_t use_anything(uint32_t random)
{
    uint32_t digest = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint32_t r = next_random(&random), value = next_random(&random) << 8 ^ r;
        if (r % 8 == 0)
            set_config(value & 1 ? CARD : 0, value >> 8 & 0xfc, next_random(&random));
        memory_write(memory, any_register(&random), value, 1u << r % 3);
        digest = digest * 31 + memory_read(memory, any_register(&random), 4u >> value % 3);
        test_time += next_random(&random) % 4096;
        timers_run(timers);
    }
    return digest;
}

static char *print(void)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    devices_print(&board->devices, to);
    fclose(to);
    return text;
}

/* What RESET leaves alone: the UART's scratch register, and queues that are empty. */
static bool is_kept(const char *line)
{
    return strstr(line, ".scratch") || strstr(line, ".fifo[") || strstr(line, ".sending");
}

/* Line by line; frees both. */
static void expect_same(char *one, char *other)
{
    char *rest_one, *rest_other;
    const char *a = strtok_r(one, "\n", &rest_one), *b = strtok_r(other, "\n", &rest_other);
    for (; a && b; a = strtok_r(NULL, "\n", &rest_one), b = strtok_r(NULL, "\n", &rest_other))
        if (!is_kept(a))
            ck_assert_str_eq(a, b);
    ck_assert(!a && !b);
    free(one);
    free(other);
}

/* The state after a reset at a certain time, whatever was before. */
static char *reset_after(uint32_t random)
{
    use_anything(random);
    test_time = (uint64_t)1 << 50;
    timers_run(timers);
    devices_reset(&board->devices);
    ck_assert(!off.level);
    return print();
}

START_TEST(a_reset_leaves_nothing_of_what_was)
{
    char *one = reset_after((uint32_t)_i);
    teardown();
    setup();
    expect_same(one, reset_after((uint32_t)_i + 100));
}
END_TEST

/* And it goes on to do the same as it did then. */
START_TEST(restored_it_goes_on_the_same)
{
    static uint8_t saved[1 << 18];
    struct error error = {""};
    use_anything((uint32_t)_i);
    size_t size = devices_save(&board->devices, saved, sizeof saved);
    ck_assert_uint_le(size, sizeof saved);
    char *then = print();
    uint32_t digest = use_anything((uint32_t)_i + 100);
    char *later = print();
    use_anything((uint32_t)_i + 200);
    ck_assert_msg(devices_restore(&board->devices, saved, size, &error), "%s", error.text);
    expect_same(then, print());
    ck_assert_uint_eq(use_anything((uint32_t)_i + 100), digest);
    expect_same(later, print());
}
END_TEST

/* --- images --- */

static void write_file(const void *bytes, size_t size)
{
    strcpy(path, "/tmp/tessera-uimage-XXXXXX");
    int fd = mkstemp(path);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static struct ppc_image image;
static struct error error;

static bool load(const void *bytes, size_t size)
{
    if (path[0])
        unlink(path);
    ppc_image_free(&image);
    image = (struct ppc_image){.ram_size = RAM};
    error.text[0] = '\0';
    write_file(bytes, size);
    return ppc_image_load(&image, path, &error);
}

static void put32(uint8_t *at, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(at, &value, 4);
}

enum { KERNEL_SIZE = 100000, LOAD = 0x400000, ENTRY = 0x400100, PROCESSOR = 29, TYPE = 30 };
static uint8_t kernel[KERNEL_SIZE], uimage[UIMAGE_HEADER + KERNEL_SIZE];

static void seal(void)
{
    put32(uimage + 4, 0);
    put32(uimage + 4, (uint32_t)crc32(0, uimage, UIMAGE_HEADER));
}

/* As mkimage makes them; returns its size. */
static size_t make_uimage(uint8_t compression)
{
    enum { GZIP_FORMAT = 16 + MAX_WBITS };
    z_stream z = {.next_in = kernel,
                  .avail_in = KERNEL_SIZE,
                  .next_out = uimage + UIMAGE_HEADER,
                  .avail_out = KERNEL_SIZE};
    size_t size = KERNEL_SIZE;
    for (unsigned i = 0; i < KERNEL_SIZE; i++)
        kernel[i] = (uint8_t)(i * i >> 7);
    memset(uimage, 0, sizeof uimage);
    memcpy(uimage + UIMAGE_HEADER, kernel, KERNEL_SIZE);
    if (compression) {
        ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, GZIP_FORMAT, 9, 0), Z_OK);
        ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
        size = z.total_out;
        deflateEnd(&z);
    }
    put32(uimage, 0x27051956);
    put32(uimage + 12, (uint32_t)size);
    put32(uimage + 16, LOAD);
    put32(uimage + 20, ENTRY);
    put32(uimage + 24, (uint32_t)crc32(0, uimage + UIMAGE_HEADER, (uInt)size));
    memcpy(uimage + 28, (uint8_t[]){5, 7, 2, compression}, 4);
    seal();
    return UIMAGE_HEADER + size;
}

START_TEST(a_uimage)
{
    uint8_t loaded[KERNEL_SIZE];
    size_t size = make_uimage((uint8_t)_i);
    ck_assert_msg(load(uimage, size), "%s", error.text);
    ck_assert(ppc_image_is_one(path));
    ck_assert(machine_for(path) == &ppce500_machine);
    ck_assert_uint_eq(image.entry, ENTRY);
    ck_assert_uint_eq(image.end, LOAD + KERNEL_SIZE);
    ppc_image_copy(&image, memory);
    memory_copy_out(memory, loaded, LOAD, KERNEL_SIZE);
    ck_assert_mem_eq(loaded, kernel, KERNEL_SIZE);
    ppc_image_free(&image);
}
END_TEST

static void expect_refused(size_t size, const char *why)
{
    ck_assert(!load(uimage, size));
    ck_assert_msg(strstr(error.text, why), "%s", error.text);
    ck_assert_ptr_null(strchr(error.text, '\n'));
}

START_TEST(bad_uimages)
{
    size_t size = make_uimage(1);
    expect_refused(size - 1, "truncated");
    uimage[size - 9] ^= 1;
    expect_refused(size, "the checksum of its data is wrong");
    make_uimage(1);
    uimage[40] ^= 1;
    expect_refused(size, "the checksum of its header is wrong");
    make_uimage(1);
    uimage[PROCESSOR] = 2;
    seal();
    expect_refused(size, "for another processor (number 2 of U-Boot's), not PowerPC");
    ck_assert(!ppc_image_is_one(path));
    make_uimage(1);
    uimage[TYPE] = 3;
    seal();
    expect_refused(size, "no kernel, but a U-Boot image of type 3");
    make_uimage(1);
    uimage[TYPE + 1] = 2;
    seal();
    expect_refused(size, "compressed by other means");
    make_uimage(1);
    put32(uimage + 16, RAM - 10);
    seal();
    expect_refused(size, "are not in RAM, 16 MiB (-m)");
    expect_refused(UIMAGE_HEADER - 1, ": truncated");
    for (uint32_t packed = 0; packed < 2; packed++) {
        size = make_uimage(packed);
        put32(uimage + 20, LOAD + KERNEL_SIZE);
        seal();
        expect_refused(size, "its entry point 4186a0h is not in it");
        put32(uimage + 20, LOAD + 2);
        seal();
        expect_refused(size, "is not a multiple of 4");
    }
    make_uimage(0);
    uimage[TYPE + 1] = 1;
    seal();
    expect_refused(UIMAGE_HEADER + KERNEL_SIZE, "its compressed data is damaged");
    ppc_image_free(&image);
}
END_TEST

/* So that the machine says what is wrong. */
START_TEST(the_wrong_byte_order_is_taken_and_refused)
{
    uint8_t header[UIMAGE_HEADER] = {0x7f, 'E', 'L', 'F', 1, 1, 1, [16] = 2, [18] = 20, [20] = 1};
    header[40] = 52;
    ck_assert(!load(header, sizeof header));
    ck_assert_msg(strstr(error.text, ": little-endian; the machine is big-endian"), "%s",
                  error.text);
    ck_assert(ppc_image_is_one(path));
    ppc_image_free(&image);
}
END_TEST

START_TEST(other_files_are_not_its_kernels)
{
    write_file("\x7f"
               "ELF\1\1",
               6);
    ck_assert(!ppc_image_is_one(path));
    ck_assert(machine_for(path) == machines[0]);
    ck_assert(machine_for("/no/such/file") == machines[0]);
    ck_assert(machine_for(NULL) == machines[0]);
}
END_TEST

/* --- the device tree --- */

#ifdef HAVE_FDT
#include <libfdt.h>

static uint8_t tree[DEVICE_TREE_SIZE];

static uint32_t cell(const char *node, const char *property, int number)
{
    int size = 0;
    const fdt32_t *cells = fdt_getprop(tree, fdt_path_offset(tree, node), property, &size);
    ck_assert_msg(cells && size >= 4 * (number + 1), "%s: %s", node, property);
    return fdt32_to_cpu(cells[number]);
}

static const char *text(const char *node, const char *property)
{
    const char *found = fdt_getprop(tree, fdt_path_offset(tree, node), property, NULL);
    ck_assert_msg(found != NULL, "%s: %s", node, property);
    return found;
}

START_TEST(the_device_tree)
{
    const struct device_tree_facts facts = {.ram_size = RAM,
                                            .append = "console=ttyS0",
                                            .initrd = 0x200000,
                                            .initrd_end = 0x234567,
                                            .serials = 2,
                                            .timebase_hz = 12345678};
    size_t size = device_tree_make(&facts, tree, sizeof tree, &error);
    ck_assert_msg(size > 0, "%s", error.text);
    ck_assert_int_eq(fdt_check_full(tree, size), 0);
    ck_assert_str_eq(text("/", "compatible"), "fsl,qemu-e500");
    ck_assert_uint_eq(cell("/memory", "reg", 3), RAM);
    ck_assert_str_eq(text("/chosen", "bootargs"), "console=ttyS0");
    ck_assert_uint_eq(cell("/chosen", "linux,initrd-start", 0), 0x200000);
    ck_assert_uint_eq(cell("/chosen", "linux,initrd-end", 0), 0x234567);
    ck_assert_str_eq(text("/aliases", "serial1"), "/soc@e0000000/serial@4600");
    ck_assert_str_eq(text("serial0", "compatible"), "ns16550");
    ck_assert_uint_eq(cell("serial1", "interrupts", 0), PPCE500_IRQ_SERIAL);
    ck_assert_uint_eq(cell("/cpus/PowerPC,e500mc@0", "timebase-frequency", 0), 12345678);
    ck_assert_uint_eq(cell("/soc@e0000000/pic@40000", "phandle", 0),
                      cell("serial0", "interrupt-parent", 0));
    ck_assert_uint_eq(cell("pci0", "reg", 1), PCI);
}
END_TEST

/* Each pin of each slot leads where the wires do. */
START_TEST(the_map_of_interrupts)
{
    const struct device_tree_facts facts = {.ram_size = RAM, .serials = 1};
    ck_assert_uint_gt(device_tree_make(&facts, tree, sizeof tree, &error), 0);
    for (int row = 0; row < 31 * 4; row++) {
        uint32_t devfn = cell("pci0", "interrupt-map", 7 * row) >> 8;
        uint32_t pin = cell("pci0", "interrupt-map", 7 * row + 3);
        struct pci_function f = {.devfn = (uint8_t)devfn};
        f.config[PCI_INTERRUPT_PIN] = (uint8_t)pin;
        ck_assert_uint_eq(cell("pci0", "interrupt-map", 7 * row + 5),
                          board->pci.bus.pirq[pci_pirq_of(&f)].input);
    }
}
END_TEST

START_TEST(a_given_tree)
{
    static uint8_t given[4096];
    struct file file = {"given.dtb", given, sizeof given};
    struct device_tree_facts facts = {.ram_size = RAM, .append = "quiet", .given = &file};
    ck_assert_int_eq(fdt_create_empty_tree(given, sizeof given), 0);
    ck_assert_int_eq(fdt_setprop_string(given, 0, "model", "another"), 0);
    ck_assert_uint_gt(device_tree_make(&facts, tree, sizeof tree, &error), 0);
    ck_assert_str_eq(text("/", "model"), "another");
    ck_assert_str_eq(text("/chosen", "bootargs"), "quiet");
    ck_assert_uint_eq(cell("/memory", "reg", 3), RAM);
    file.size = 100;
    ck_assert_uint_eq(device_tree_make(&facts, tree, sizeof tree, &error), 0);
    ck_assert_str_eq(error.text, "given.dtb: not a device tree");
}
END_TEST

static void add_tree_tests(TCase *c)
{
    tcase_add_test(c, the_device_tree);
    tcase_add_test(c, the_map_of_interrupts);
    tcase_add_test(c, a_given_tree);
}
#else
static void add_tree_tests(TCase *c)
{
    (void)c;
}
#endif

Suite *ppce500_suite(void)
{
    Suite *s = suite_create("ppce500");
    TCase *c = tcase_create("ppce500");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, global_utilities);
    tcase_add_test(c, gpio_turns_it_off);
    tcase_add_test(c, serial_ports_share_an_interrupt);
    tcase_add_test(c, a_serial_port_is_critical);
    tcase_add_test(c, registers_of_nobody);
    tcase_add_test(c, configuration_space);
    tcase_add_test(c, configuration_space_ends);
    tcase_add_test(c, room_for_registers_on_the_bus);
    tcase_add_test(c, memory_through_a_window);
    tcase_add_test(c, ports_through_a_window);
    tcase_add_test(c, pci_interrupts);
    tcase_add_loop_test(c, a_reset_leaves_nothing_of_what_was, 0, 4);
    tcase_add_loop_test(c, restored_it_goes_on_the_same, 0, 4);
    tcase_add_loop_test(c, a_uimage, 0, 2);
    tcase_add_test(c, bad_uimages);
    tcase_add_test(c, the_wrong_byte_order_is_taken_and_refused);
    tcase_add_test(c, other_files_are_not_its_kernels);
    add_tree_tests(c);
    suite_add_tcase(s, c);
    return s;
}
