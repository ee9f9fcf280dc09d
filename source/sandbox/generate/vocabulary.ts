/** The words that the generated world is made of. Some carry accents, other scripts and emoji, as real ones do. */

export const developerNames = [
	'Zoë Ångström',
	'Mateo Fernández',
	'Aiko Tanaka 田中',
	'Priya Raman',
	"Tom O'Connor",
	'Lena Vogel',
	'Kwame Mensah',
	'Ewa Żółkowska',
] as const;

export const formerDeveloperName = 'Derek Hale';

export const nouns = [
	'invoice',
	'session',
	'customer',
	'payment',
	'basket',
	'ledger',
	'report',
	'voucher',
	'shipment',
	'catalogue',
	'profile',
	'refund',
	'schedule',
	'template',
	'warehouse',
	'notification',
] as const;

export const verbs = [
	'load',
	'parse',
	'render',
	'validate',
	'merge',
	'export',
	'archive',
	'retry',
	'index',
	'cache',
	'split',
	'format',
] as const;

export const qualities = [
	'slow',
	'empty',
	'expired',
	'duplicate',
	'nested',
	'foreign',
	'large',
	'stale',
	'partial',
	'unpaid',
] as const;

/** `{verb}`, `{quality}` and `{noun}` are filled in. */
export const commitSubjects = [
	'{verb} {quality} {noun}s before the nightly job',
	'Fix {quality} {noun} in {noun} view',
	'Handle {quality} {noun}s without a crash',
	'Speed up how we {verb} {noun}s',
	'Refactor: one place to {verb} a {noun}',
	'Add tests for {quality} {noun}s',
	'✨ {verb} the {noun} again when it is {quality}',
	'🐛 No more {quality} {noun}s after midnight',
	'Größe des {noun}-Puffers anpassen',
	'Remove the {quality} {noun} path',
	'Update dependencies of the {noun} module',
] as const;

export const pullRequestTitles = [
	'{verb} {quality} {noun}s',
	'Fix {quality} {noun} handling',
	'🚀 Ship the new {noun} page',
	'Draft: {verb} {noun}s in the background',
	'Übersetzung für „{noun}“ ergänzen',
	'[{noun}] {verb} instead of polling',
	'修正: {noun} が {quality} の場合',
	'Drop support for {quality} {noun}s',
] as const;

export const generalRemarks = [
	'Looks good to me 👍',
	'Could you rebase this on the newest state, please?',
	'I tried this with a **{quality}** {noun} and it worked.',
	'Why do we {verb} the {noun} twice here?\n\n```\n{verb}({noun});\n{verb}({noun});\n```',
	'Nice! See also the {noun} module: it has the same problem.',
	'Nightly job is green again 🎉',
] as const;

export const inlineRemarks = [
	'Please {verb} the {noun} first.',
	'A name that says what the {noun} is would help.',
	'What happens with a {quality} {noun}?',
	'This line is not covered by any test.',
	'nit: blank line',
	'Off by one, I think – try an empty {noun}.',
] as const;

export const replies = [
	'Done.',
	'Good point, changed.',
	'I would rather keep it: 理由は上記の通り.',
	'See my last commit.',
	'👍',
] as const;

export const taskTexts = [
	'Add a test for {quality} {noun}s',
	'Update the changelog',
	'Ask the {noun} team before merging',
	'Remove the debug output',
	'Dokumentation der {noun}-Tabelle nachziehen',
] as const;

export const declineReasons = [
	'No longer needed',
	'Replaced by another approach',
	'Won’t do – see the discussion 🙂',
	'',
] as const;
