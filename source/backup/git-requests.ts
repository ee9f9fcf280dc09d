/** HTTP requests that bring a pack, once it is known what there is: see `fetch-pack`. */
export const packRequests = 1;

/**
HTTP requests that `git fetch` sends signed in, counted at a server (git 2.39, protocol version 2): `info/refs`, `ls-refs`,
`fetch`; one more where both sides do not find at once what they have in common, which is rare. Where the
sign-in cannot be sent up front (outside of Linux) it asks once without a credential before and is told 401; that one counts
against nobody's account.
*/
export const fetchRequests = 3;

/**
The same of a fetch of commits by their ids: `info/refs`, `fetch`, and a second `fetch` where both sides do not find at once what
they have in common. That is as often so as not, and counted in any case.
*/
export const fetchByIdRequests = 3;
