/*
 * pdf_style.h - sizes and colours of the printed page (A4; A3 is the same x 1.414).
 *
 * Nothing is smaller than SIZE_BODY: people read this standing before a board.
 */
#ifndef HY_PDF_STYLE_H
#define HY_PDF_STYLE_H

#define SIZE_TITLE 24.0
#define SIZE_FIGURE 30.0
#define SIZE_SECTION 16.0
#define SIZE_LEAD 15.0
#define SIZE_HEAD 12.0
#define SIZE_BODY 10.5
#define LEADING 1.28

#define PAGE_MARGIN 34.02 /* 12 mm */
#define PAGE_BREADTH 595.276
#define PAGE_LENGTH 841.89
#define TEXT_WIDTH (PAGE_BREADTH - 2 * PAGE_MARGIN)
/* The long picture for a telephone: as wide as one, so that the letters of a page
 * stay readable on it without a finger. */
#define STRIP_BREADTH 380.0
#define STRIP_MARGIN 16.0
#define STRIP_WIDTH (STRIP_BREADTH - 2 * STRIP_MARGIN)
#define COLUMN_GAP 16.0
#define A3_SCALE 1.41421

#define INK_TEXT 0x1A1A1A
#define INK_QUIET 0x4D545B
#define INK_NAVY 0x1B3A5C
#define INK_GOOD 0x0B6E4F
#define INK_BAD 0xB3470F
#define INK_RULE 0x8A949E
#define INK_HAIR 0xCFD6DC
#define INK_SHADE 0xF2F5F8
#define INK_DRAFT 0xECECEC

#endif
