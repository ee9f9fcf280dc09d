import {Text} from 'ink';
import type {ReactNode} from 'react';
import type {CredentialKind} from '../../../model/credential-kind.ts';
import type {FormField} from '../../components/form-field.ts';
import {FormView} from '../../components/form-view.tsx';
import {Line} from '../../components/line.tsx';
import {Paragraph} from '../../components/paragraph.tsx';
import {Spinner} from '../../components/spinner.tsx';
import {useShell} from '../../shell.ts';
import {scopesText} from './credential-fields.ts';

/** Lines below the form: an empty one, the scopes, and what saving says. */
const linesBelow = 6;

/** From so many lines on there is room for more than the form. */
const comfortableRows = 14;

/** A form that ends in a question to Bitbucket: its fields, the scopes to tick, and what came of saving it. */
export function CredentialForm({
	fields,
	focus,
	kind,
	isSaving,
	problem,
}: {
	readonly fields: readonly FormField[];
	readonly focus: number;
	readonly kind: CredentialKind;
	readonly isSaving: boolean;
	/** Why it could not be saved. */
	readonly problem: string | undefined;
}): ReactNode {
	const {size, frame, signs, question} = useShell();
	const {rows} = frame.body;
	const width = size.columns - 2;
	const isComfortable = rows >= comfortableRows;
	const hasNews = isSaving || problem !== undefined;
	return (
		<>
			<FormView
				fields={fields}
				focus={focus}
				width={width}
				height={rows - (isComfortable ? linesBelow : hasNews ? 3 : 0)}
				isFrozen={isSaving || question !== undefined}
			/>
			{isComfortable ? <Line /> : null}
			{isComfortable && kind === 'api-token' ? (
				<Paragraph text={scopesText} width={width} indent={2} tone="muted" />
			) : null}
			{isSaving ? (
				<Line>
					<Spinner /> <Text>asking Bitbucket who this is {signs.ellipsis}</Text>
				</Line>
			) : problem === undefined ? null : (
				<Paragraph text={`${signs.bad} ${problem}`} width={width} tone="bad" />
			)}
		</>
	);
}
