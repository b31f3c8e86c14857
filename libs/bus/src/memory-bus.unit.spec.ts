import { describeBus } from './bus-contract.ts';
import { createMemoryBroker } from './memory-bus.ts';

describeBus('The broker in memory', () => Promise.resolve(createMemoryBroker()));
