import {converse} from './conversation.mjs';

converse('node-telegram-bot-api');
