/* qr.c - asks libqrencode and keeps what it says. */
#include "render/qr.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

enum { DARK = 1 }; /* the lowest bit of a module, says qrencode.h */

enum status qr_make(const char *text, struct arena *memory, struct qr **out,
                    struct error *err)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    size_t side, i;
    uint8_t *dark;

    *out = NULL;
    if (code == NULL)
        return fail(err, errno == ENOMEM ? HY_MEMORY : HY_INTERNAL,
                    "二维码画不出来：%s (QR code)", strerror(errno));
    side = (size_t)code->width;
    dark = arena_alloc(memory, side * side);
    for (i = 0; i < side * side; i++)
        dark[i] = code->data[i] & DARK;
    QRcode_free(code);
    *out = arena_alloc(memory, sizeof **out);
    **out = (struct qr){ .text = arena_copy(memory, text, strlen(text)),
                         .side = side,
                         .dark = dark };
    return HY_OK;
}

bool qr_run(const struct qr *qr, size_t row, size_t *from, size_t *until)
{
    const uint8_t *line = qr->dark + row * qr->side;

    while (*from < qr->side && !line[*from])
        (*from)++;
    *until = *from;
    while (*until < qr->side && line[*until])
        (*until)++;
    return *until > *from;
}
