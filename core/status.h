/*
 * status.h - how every function that can fail says so.
 *
 * A fallible function returns enum status and takes struct error * as its last
 * parameter.  On any value other than HY_OK and HY_END the message is already
 * set, written where the cause is known; callers pass the status up unchanged
 * and add where it happened (file, sheet, line).  main() returns the value.
 */
#ifndef HY_STATUS_H
#define HY_STATUS_H

enum status {
    HY_OK = 0,
    HY_END = 1,       /* no more rows: a normal answer, never shown to a user */
    HY_USAGE = 64,    /* the command line is wrong */
    HY_DATA = 65,     /* an input is not what it claims; figures disagree */
    HY_NOINPUT = 66,  /* no such input */
    HY_INTERNAL = 70, /* a renderer, a library or an outside tool failed */
    HY_MEMORY = 71,   /* no memory left */
    HY_CREATE = 73,   /* an output cannot be created (read-only place) */
    HY_IO = 74,       /* read or write failed, disk full */
    HY_BUSY = 75,     /* another process holds the database */
    HY_DAMAGED = 76,  /* the database is damaged or of a newer version */
    HY_CONFIG = 78    /* settings, map or template */
};

struct error {
    enum status status;
    char text[512];
};

#define HY_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* Sets err and returns status, so that callers write `return fail(...)`. */
enum status fail(struct error *err, enum status status, const char *fmt, ...)
    HY_PRINTF(3, 4);

/* Puts "context: " before the message already in err; returns status. */
enum status fail_in(struct error *err, enum status status, const char *context);

/* Only in functions that own nothing; otherwise use `goto done`. */
#define TRY(call)                         \
    do {                                  \
        enum status try_status_ = (call); \
        if (try_status_ != HY_OK)         \
            return try_status_;           \
    } while (0)

#endif
