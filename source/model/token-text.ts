/*
What Atlassian's tokens look like: `ATATT3xFfGF0…=1A2B3C4D` is an API token of a user, `ATCTT3xFfGN0…` an access token; app passwords, dead by now, are
`ATBB` and 32 letters. Secret scanners know them by these beginnings (gitleaks, noseyparker). The secrets of OAuth consumers look like nothing.
*/
const tokens = /AT(?:[AC]TT3[\w-]{16,}(?:=[0-9A-F]{8})?|BB[a-zA-Z0-9]{32})/g;

/** Whether a token stands in a text, which is most likely one that was pasted into the wrong place. */
export function holdsToken(text: string): boolean {
	return text.search(tokens) >= 0;
}

/** The text, with `[secret]` in the place of each token. */
export function withoutTokens(text: string): string {
	return text.replace(tokens, '[secret]');
}
