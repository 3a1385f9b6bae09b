/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A Multiboot kernel that boots Linux, its first module, with an initial file system, the second,
 * by the 32-bit protocol (Documentation/arch/x86/boot.rst), and says that a VGA is in mode 12h. No
 * other loader says so, and Linux's driver for the VGA's planes binds to nothing else; it sets the
 * mode itself. The initial file system goes to the end of memory.
 */
#include <asm/bootparam.h>
#include <stdint.h>

enum { SECTOR = 512, PAGE = 4096, KB = 1024, MB = KB * KB };

/* Multiboot 0.6.96, 3.3 */
struct module {
    const uint8_t *start, *end;
    const char *text;
    uint32_t reserved;
};
struct info {
    uint32_t flags, kb_below_1m, kb_above_1m, boot_device;
    const char *command_line;
    uint32_t module_count;
    const struct module *module;
    uint32_t symbols[4], map_length;
    const uint8_t *map;
};
struct range {
    uint32_t size; /* of what follows */
    uint64_t base, length;
    uint32_t type;
} __attribute__((packed));

void boot(const struct info *info);

__asm__("    .section .multiboot, \"a\"\n"
        "    .long 0x1badb002, 3, -(0x1badb002 + 3)\n" /* whole pages; how much memory */
        "    .text\n"
        "    .globl _start\n"
        "_start:\n"
        "    cli\n"
        "    movl $stack + 4096, %esp\n"
        "    pushl %ebx\n"
        "    call boot\n");
uint8_t stack[4096];

static void copy(void *to, const void *from, uint32_t size)
{
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
}

static void store_map(struct boot_params *p, const struct info *info)
{
    struct range r = {.size = 0};

    for (const uint8_t *at = info->map; at < info->map + info->map_length; at += r.size + 4) {
        copy(&r, at, sizeof r);
        p->e820_table[p->e820_entries++] = (struct boot_e820_entry){r.base, r.length, r.type};
    }
}

static void store_screen(struct screen_info *s)
{
    s->orig_video_isVGA = VIDEO_TYPE_VGAC;
    s->orig_video_mode = 0x12;
    s->orig_video_cols = 80;
    s->orig_video_lines = 30;
    s->orig_video_points = 16;
}

/* The first word is our own name. */
static const char *arguments(const char *command_line)
{
    while (*command_line && *command_line != ' ')
        command_line++;
    return command_line;
}

__attribute__((noreturn)) static void enter(uint32_t entry, const struct boot_params *p)
{
    static const uint64_t gdt[] = {0, 0, 0x00cf9b000000ffff, 0x00cf93000000ffff};
    static const struct {
        uint16_t limit;
        const void *base;
    } __attribute__((packed)) table = {sizeof gdt - 1, gdt};

    __asm__ volatile("lgdt %0\n\t"
                     "movl $0x18, %%eax\n\t"
                     "movl %%eax, %%ds\n\t"
                     "movl %%eax, %%es\n\t"
                     "movl %%eax, %%ss\n\t"
                     "pushl $0x10\n\t"
                     "pushl %1\n\t"
                     "xorl %%ebx, %%ebx\n\t"
                     "xorl %%edi, %%edi\n\t"
                     "xorl %%ebp, %%ebp\n\t"
                     "lret"
                     :
                     : "m"(table), "c"(entry), "S"(p)
                     : "eax", "memory");
    __builtin_unreachable();
}

void boot(const struct info *info)
{
    static struct boot_params p;
    const struct module *kernel = &info->module[0], *files = &info->module[1];
    uint32_t files_size = (uint32_t)(files->end - files->start);
    uint32_t files_at = (MB + info->kb_above_1m * KB - files_size) & ~(PAGE - 1u);
    struct setup_header *h = &p.hdr;

    copy(h, kernel->start + 0x1f1, sizeof *h);
    uint32_t setup_size = (h->setup_sects + 1u) * SECTOR, entry = (uint32_t)h->pref_address;
    copy((void *)files_at, files->start, files_size);
    copy((void *)entry, kernel->start + setup_size,
         (uint32_t)(kernel->end - kernel->start) - setup_size);
    h->type_of_loader = 0xff;
    h->ramdisk_image = files_at;
    h->ramdisk_size = files_size;
    h->cmd_line_ptr = (uint32_t)arguments(info->command_line);
    store_map(&p, info);
    store_screen(&p.screen_info);
    enter(entry, &p);
}
