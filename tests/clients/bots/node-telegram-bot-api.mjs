// API_URL, TOKEN, FILE: where the Bot API is, who we are, a file to send.

import {webcrypto} from 'node:crypto';
import {Bot, InlineKeyboardBuilder, InputFile} from 'node-telegram-bot-api';
import {fromPath, run} from 'node-telegram-bot-api/node';
import {digest, picture} from './picture.mjs';

globalThis.crypto ??= webcrypto;  // the library wants it there; Node 18, which Debian 12 has, does not make it global
const {API_URL, TOKEN, FILE} = process.env;
const bot = new Bot(TOKEN, {apiRoot: API_URL});
const chatOf = (ctx) => ctx.update.message.chat.id;

bot.command('photo', (ctx) => bot.api.sendPhoto({chat_id: chatOf(ctx), caption: 'From memory',
                                                 photo: new InputFile(picture, {filename: 'memory.png', contentType: 'image/png'})}));
bot.command('file', async (ctx) => bot.api.sendDocument({chat_id: chatOf(ctx), caption: 'From a file', document: await fromPath(FILE)}));
bot.on('message', async (ctx) => {
  const {message} = ctx.update;
  if (message.photo) {
    const file = await bot.api.getFile({file_id: message.photo.at(-1).file_id});
    const bytes = Buffer.from(await (await fetch(`${API_URL}/file/bot${TOKEN}/${file.file_path}`)).arrayBuffer());
    return ctx.reply(digest(bytes));
  }
  return ctx.reply(`You said <b>${message.text}</b>`,
                   {parse_mode: 'HTML', reply_markup: new InlineKeyboardBuilder().text('Yes', 'yes').text('No', 'no').build()});
});
bot.on('callback_query', async (ctx) => {
  const {message, data} = ctx.update.callback_query;
  await ctx.answerCallbackQuery({text: 'Noted'});
  await bot.api.editMessageText({chat_id: message.chat.id, message_id: message.message_id, text: `You chose ${data}`});
});
await run(bot);
