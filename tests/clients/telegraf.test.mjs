import {converse} from './conversation.mjs';

converse('telegraf');
