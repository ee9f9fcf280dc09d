/*
HTTP requests that git sends, counted at a server (git 2.39, protocol version 2, credential helper): it asks without a
credential first, is told 401, and asks again.
*/

/** `ls-remote`: `info/refs` refused, `info/refs`, `ls-refs`. */
export const advertisementRequests = 3;

/** `fetch`: `info/refs` refused, `info/refs`, `ls-refs`, `fetch`. */
export const fetchRequests = 4;

/** A fetch into a mirror that has refs already: one more round to find out what both have. */
export const incrementalFetchRequests = 5;
