import {spawnSync} from 'node:child_process';

/** What faketime loads into a program; empty where it is not installed. */
export const faketimeLibrary = (
	spawnSync('faketime', ['-m', '-f', '+0d', 'printenv', 'LD_PRELOAD'], {encoding: 'utf8'}).stdout ?? ''
).trim();

/** Sets the clock of a program, and leaves alone the one that nobody can set, and the times of files. */
export const faketimeEnvironment = {
	LD_PRELOAD: faketimeLibrary,
	FAKETIME_DONT_FAKE_MONOTONIC: '1',
	DONT_FAKE_MONOTONIC: '1',
	NO_FAKE_STAT: '1',
} as const;
