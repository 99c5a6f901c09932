/*
 * xml.h - XML as events, with a pull of bytes; DOCTYPE, depth over 64 and
 * tokens over the limit are refused.  The only user of expat.
 */
#ifndef HY_XML_H
#define HY_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/* Any may be NULL.  Names come without their namespace prefix.  Returning
 * anything but HY_OK stops (HY_END: stop without error; resume by xml_feed). */
struct xml_events {
    enum status (*start)(void *self, const char *name, const char **attributes,
                         struct error *err);
    enum status (*end)(void *self, const char *name, struct error *err);
    enum status (*text)(void *self, const char *text, size_t length, struct error *err);
};

struct xml;

enum status xml_open(struct xml **out, const struct xml_events *events, void *self,
                     struct error *err);
/* At most 1 MiB at a time.  length 0 with last = true ends the document.  HY_END when
 * an event asked to pause: call again with length 0, last = false to go on. */
enum status xml_feed(struct xml *xml, const char *bytes, size_t length, bool last,
                     struct error *err);
void xml_close(struct xml *xml);
const char *xml_attribute(const char **attributes, const char *name); /* or NULL */

#endif
