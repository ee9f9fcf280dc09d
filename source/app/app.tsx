import {useApp, useWindowSize} from 'ink';
import {type ReactNode, useCallback, useEffect, useMemo, useReducer, useRef, useState} from 'react';
import {wrapped} from './cells.ts';
import type {DisplayFacts} from './display.ts';
import type {LoadedKeys} from './input/key-map-file.ts';
import type {KeyHandler, KeySource} from './input/key-source.ts';
import {frameLayout} from './layout.ts';
import {currentVisit, navigate, type Place, startNavigation} from './navigation.ts';
import {PlaceScreen} from './screens/place-screen.tsx';
import type {AppServices} from './services.ts';
import {type Flash, type KeyLayer, type Question, type Shell, ShellContext} from './shell.ts';
import type {Signs} from './theme.ts';

export type AppProps = {
	readonly services: AppServices;
	readonly keys: KeySource;
	readonly signs: Signs;
	readonly display: DisplayFacts;
	readonly loadedKeys: LoadedKeys;
	readonly isReadOnly: boolean;
	readonly updateMilliseconds: number;
	readonly banner?: string | undefined;
	readonly startAt?: Place | undefined;
	/** Gives the terminal to the shell until somebody comes back. */
	readonly onSuspend: () => Promise<void>;
};

/** What is read aloud is not cut to fit a line; the terminal breaks it. */
const spokenColumns = 200;

/** The whole app: where one is, what was just said, what is asked; the screens do the rest. */
export function App(props: AppProps): ReactNode {
	const {services, keys} = props;
	const {exit, suspendTerminal} = useApp();
	const terminal = useWindowSize();
	const {isScreenReader} = props.display;
	const size = useMemo(
		() => (isScreenReader ? {columns: spokenColumns, rows: terminal.rows} : terminal),
		[isScreenReader, terminal],
	);
	const [navigation, go] = useReducer(navigate, props.startAt, startNavigation);
	const notices = [...services.notices(), props.loadedKeys.problem].filter(notice => notice !== undefined);
	const [flash, setFlash] = useState<Flash | undefined>(
		notices.length === 0 ? undefined : {tone: 'attention', text: notices.join(' ')},
	);
	// A key that is pressed says nothing most of the time. React keeps each such change until it draws the app anew, which a live run may not do for days.
	const said = useRef(flash);
	const say = useCallback((next: Flash | undefined): void => {
		if (next !== said.current) {
			said.current = next;
			setFlash(next);
		}
	}, []);
	const [question, ask] = useState<Question | undefined>();
	const [cache] = useState(() => new Map<string, unknown>());
	const layers = useRef<Record<KeyLayer, Array<{readonly current: KeyHandler}>>>({
		screen: [],
		overlay: [],
		field: [],
	});

	// A frame of another size is broken by the terminal into other lines than were counted: each size is drawn on an empty screen.
	const drawnSize = useRef(size);
	useEffect(() => {
		if (drawnSize.current !== size && !isScreenReader) {
			drawnSize.current = size;
			suspendTerminal(() => undefined).catch(() => undefined);
		}
	}, [size, isScreenReader, suspendTerminal]);

	const listen = useCallback<Shell['listen']>((layer, handler) => {
		const registered = layers.current[layer];
		registered.push(handler);
		return () => {
			registered.splice(registered.indexOf(handler), 1);
		};
	}, []);

	useEffect(() => {
		keys.onKey(key => {
			const {overlay, screen, field} = layers.current;
			const handler = overlay.at(-1) ?? screen.at(-1);
			return (handler?.current(key) ?? true) || (field.at(-1)?.current(key) ?? false);
		});
	}, [keys]);

	const shell = useMemo<Shell>(
		() => ({
			services,
			size,
			frame: frameLayout(size, wrapped(flash?.text ?? '', size.columns - 2).length),
			signs: props.signs,
			keys: props.loadedKeys,
			display: props.display,
			isReadOnly: props.isReadOnly,
			updateMilliseconds: props.updateMilliseconds,
			banner: props.banner,
			navigation,
			visit: currentVisit(navigation),
			go,
			flash,
			say,
			question,
			ask,
			quit: () => exit(),
			redraw: () => {
				suspendTerminal(() => undefined).catch(() => undefined);
			},
			suspend: () => {
				suspendTerminal(props.onSuspend).catch(() => undefined);
			},
			listen,
			cache,
		}),
		[services, size, props, navigation, flash, say, question, exit, suspendTerminal, listen, cache],
	);

	return (
		<ShellContext.Provider value={shell}>
			<PlaceScreen />
		</ShellContext.Provider>
	);
}
