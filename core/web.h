/* web.h - the web address that may be printed on a notice. */
#ifndef HY_WEB_H
#define HY_WEB_H

/* Letters of an address: longer ones make the squares of a QR code too fine. */
enum { WEB_MOST = 120 };

/* NULL = the address may be printed; else what is wrong with it, in words.  http or
 * https, no name or password, no fragment (the check code goes there), no digit in the
 * query: that is where a room or a telephone number would stand. */
const char *web_fault(const char *address);

#endif
