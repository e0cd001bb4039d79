// API_URL, TOKEN, FILE: where the Bot API is, who we are, a file to send.

import {Markup, Telegraf} from 'telegraf';
import {message} from 'telegraf/filters';
import {digest, picture} from './picture.mjs';

const {API_URL, TOKEN, FILE} = process.env;
const bot = new Telegraf(TOKEN, {telegram: {apiRoot: API_URL}});

bot.command('photo', (ctx) => ctx.replyWithPhoto({source: picture, filename: 'memory.png'}, {caption: 'From memory'}));
bot.command('file', (ctx) => ctx.replyWithDocument({source: FILE}, {caption: 'From a file'}));
bot.on(message('photo'), async (ctx) => {
  const address = await ctx.telegram.getFileLink(ctx.message.photo.at(-1).file_id);
  await ctx.reply(digest(Buffer.from(await (await fetch(address)).arrayBuffer())));
});
bot.on(message('text'), (ctx) => ctx.reply(`You said <b>${ctx.message.text}</b>`, {
  parse_mode: 'HTML', ...Markup.inlineKeyboard([Markup.button.callback('Yes', 'yes'), Markup.button.callback('No', 'no')]),
}));
bot.on('callback_query', async (ctx) => {
  await ctx.answerCbQuery('Noted');
  await ctx.editMessageText(`You chose ${ctx.callbackQuery.data}`);
});
process.once('SIGTERM', () => bot.stop('SIGTERM'));
await bot.launch();
