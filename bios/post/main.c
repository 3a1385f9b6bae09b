/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power-on self test, from flat protected mode to INT 19h. */
#include "bios/post/post.h"

extern const u8 post_devices[];

void post_main(void);

enum post_device { SERIAL_CONSOLE, KEYBOARD, DISK_DRIVES };

static void init_device(enum post_device which, u16 port)
{
    struct regs r = {.ax = which, .dx = port};
    real_call(&r, BIOS_LINEAR >> 4, (u16)(u32)post_devices);
}

/* With -nographic QEMU says only that. */
static u16 console_port(void)
{
    enum { COM1 = 0x3f8 };
    u16 no_graphics = 0;
    if (fw_cfg_present())
        fw_cfg_read(FW_CFG_NO_GRAPHICS, &no_graphics, sizeof no_graphics);
    return (u16)fw_cfg_number("etc/sercon-port", no_graphics ? COM1 : 0);
}

/* A second screen and keyboard, if fw_cfg tells of one; its INT 10h goes on to the VGA BIOS's. */
static void open_console(void)
{
    extern const u8 int10[];
    volatile struct far *vector = (volatile struct far *)(0x10 * 4);
    u16 port = console_port();
    if (!port || !have_serial(port))
        return;
    if (vector->segment != BIOS_LINEAR >> 4) {
        the_ebda->console_next = (struct far){vector->offset, vector->segment};
        vector->segment = BIOS_LINEAR >> 4;
        vector->offset = (u16)(u32)int10;
    }
    init_device(SERIAL_CONSOLE, port);
}

static void step(enum post_code code, void (*f)(void))
{
    post_code(code);
    f();
}

static void init_drives(void)
{
    init_device(DISK_DRIVES, 0);
}

static void init_video(void)
{
    struct regs r = {.ax = 0x0003};
    roms_video();
    open_console();
    real_int(&r, 0x10);
    print("Tessera BIOS\n\n");
}

static void init_keyboard(void)
{
    init_device(KEYBOARD, 0);
}

static void boot(void)
{
    struct regs r = {0};
    print("\n");
    the_bda->reset_flag = 0;
    real_int(&r, 0x19);
}

void post_main(void)
{
    post_code(POST_START);
    step(POST_SHADOW, shadow_open);
    step(POST_MEMORY_SIZE, memory_size);
    cpu_init();
    step(POST_VECTORS, vectors_init);
    step(POST_CHIPS, chips_init);
    step(POST_PCI, pci_init);
    step(POST_TABLES, tables_init);
    step(POST_VIDEO, init_video);
    step(POST_KEYBOARD, init_keyboard);
    step(POST_MEMORY_TEST, memory_test);
    step(POST_DRIVES, init_drives);
    step(POST_ROMS, roms_other);
    boot_list();
    step(POST_MENU, boot_menu);
    step(POST_PROTECT, shadow_protect);
    step(POST_BOOT, boot);
    for (;;)
        __asm__ volatile("hlt");
}
