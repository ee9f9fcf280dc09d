const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes as people read them, in powers of 1000: `512 B`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
	const step = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
	const amount = bytes / 1000 ** step;
	return `${step === 0 ? Math.round(amount) : amount.toPrecision(3)} ${units[step]}`;
}

/** A time span as people read it: `0.8 s`, `12 s`, `3 min 5 s`, `2 h 7 min`. */
export function formatSpan(milliseconds: number): string {
	const seconds = milliseconds / 1000;
	if (seconds < 10) {
		return `${seconds.toFixed(1)} s`;
	}

	const wholeSeconds = Math.round(seconds);
	if (wholeSeconds < 60) {
		return `${wholeSeconds} s`;
	}

	const minutes = Math.floor(wholeSeconds / 60);
	return minutes < 60
		? `${minutes} min ${wholeSeconds % 60} s`
		: `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1,240` */
export function formatNumber(count: number): string {
	return count.toLocaleString('en-US');
}

/** `1 repository`, `1,240 repositories`. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
	return `${formatNumber(count)} ${count === 1 ? singular : plural}`;
}
