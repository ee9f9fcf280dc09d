/**
HTTP requests that `git fetch` sends signed in, counted at a server (git 2.39, protocol version 2): `info/refs`, `ls-refs`,
`fetch`; one more where both sides do not find at once what they have in common, which is rare. Where the
sign-in cannot be sent up front (outside of Linux) it asks once without a credential before and is told 401; that one counts
against nobody's account.
*/
export const fetchRequests = 3;
