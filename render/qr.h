/*
 * qr.h - words as squares a telephone reads; the only door to libqrencode.
 */
#ifndef HY_QR_H
#define HY_QR_H

#include "render/doc.h"

enum {
    QR_QUIET = 4,       /* modules left white on every side (ISO/IEC 18004) */
    QR_MILLIMETRES = 25 /* of black on A4, at least */
};

/* Medium error correction: a stamp or a fold over it does little harm.  *out and what
 * it points to live in memory, alt is left to the caller.  HY_INTERNAL when the text
 * (UTF-8) is too long for any code, HY_MEMORY. */
enum status qr_make(const char *text, struct arena *memory, struct qr **out,
                    struct error *err);
/* The next run of dark modules of a row at or after *from: [*from, *until). */
bool qr_run(const struct qr *qr, size_t row, size_t *from, size_t *until);

#endif
