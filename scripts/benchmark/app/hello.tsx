import {render, Text} from 'ink';

/* The least that Ink can be asked for, bundled as the program is: what the program's own start is measured against. */
const {waitUntilExit} = render(<Text>hello</Text>);
await waitUntilExit();
