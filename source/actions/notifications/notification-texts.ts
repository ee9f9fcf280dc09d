import type {NotifyWhen} from '../../model/notifications.ts';

/** After which runs somebody is told. */
export function whenText(when: NotifyWhen): string {
	return when === 'always'
		? 'after every run'
		: 'after runs that ask for a look: partial, failed, cancelled, throttled, or a credential expires soon';
}
