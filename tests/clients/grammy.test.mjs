import {converse} from './conversation.mjs';

converse('grammy');
