import { hostileContent } from './suite.ts';

hostileContent();
