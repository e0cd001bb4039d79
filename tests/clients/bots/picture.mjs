// What the three bots send: the same picture, from memory and from a file.

import {createHash} from 'node:crypto';
import {png} from '../../support/sandbox.mjs';

export const picture = png(120, 80, (x, y) => [255 * x, 255 * y, 120]);
export const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
