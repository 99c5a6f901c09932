/*
 * pdf_objects.h - the objects of a PDF file as libharu writes it: a plain table of
 * places, no object streams, no encryption.  For reading our own file back; what does
 * not hold together is "not there", never a read outside the file.
 */
#ifndef HY_PDF_OBJECTS_H
#define HY_PDF_OBJECTS_H

#include <stdbool.h>

#include "core/arena.h"

struct pdf_span { /* one value as written */
    const char *at, *end;
};

struct pdf_file {
    const char *bytes, *end;
    const char *table; /* of places, 20 bytes each */
    size_t objects;
    struct pdf_span trailer;
};

/* HY_INTERNAL when head, end mark, table or trailer are not whole. */
enum status pdf_open(const void *bytes, size_t length, struct pdf_file *file,
                     struct error *err);
/* Value of a key, an item of an array: references are followed. */
bool pdf_get(const struct pdf_file *file, struct pdf_span dictionary, const char *key,
             struct pdf_span *out);
bool pdf_item(const struct pdf_file *file, struct pdf_span array, size_t number,
              struct pdf_span *out);
/* Key and value number `number` of a dictionary, the key without its slash. */
bool pdf_entry(const struct pdf_file *file, struct pdf_span dictionary, size_t number,
               struct pdf_span *key, struct pdf_span *out);
bool pdf_number(struct pdf_span value, long *out);
/* Bytes of the stream of a dictionary, inflated where it says so; most: 64 MB. */
bool pdf_stream(const struct pdf_file *file, struct pdf_span dictionary,
                struct arena *memory, struct pdf_span *out);
/* The next value or operator of a content stream; false at its end. */
bool pdf_token(struct pdf_span *rest, struct pdf_span *out);

#endif
