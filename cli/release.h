/*
 * release.h - the last look at a public page before it is written: no telephone
 * number, identity card, plate, address of mail, room or name may stand on it.
 *
 * Free text is masked on its way in and rooms never reach a result, so this finds
 * nothing; it is there for what a department, a category, an asset or a register
 * may carry in its own name.
 */
#ifndef HY_RELEASE_H
#define HY_RELEASE_H

#include "cli/session.h"
#include "render/doc.h"

/* HY_DATA with kind and place, never the text itself; the office's own telephone
 * and mailbox of the settings may stand there. */
enum status release_check(const struct session *session, const struct doc *doc,
                          struct error *err);

#endif
