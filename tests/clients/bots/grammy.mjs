// API_URL, TOKEN, FILE: where the Bot API is, who we are, a file to send.

import {Bot, InlineKeyboard, InputFile} from 'grammy';
import {digest, picture} from './picture.mjs';

const {API_URL, TOKEN, FILE} = process.env;
const bot = new Bot(TOKEN, {client: {apiRoot: API_URL}});

bot.command('photo', (ctx) => ctx.replyWithPhoto(new InputFile(picture, 'memory.png'), {caption: 'From memory'}));
bot.command('file', (ctx) => ctx.replyWithDocument(new InputFile(FILE), {caption: 'From a file'}));
bot.on('message:photo', async (ctx) => {
  const file = await ctx.getFile();
  const bytes = Buffer.from(await (await fetch(`${API_URL}/file/bot${TOKEN}/${file.file_path}`)).arrayBuffer());
  await ctx.reply(digest(bytes));
});
bot.on('message:text', (ctx) => ctx.reply(`You said <b>${ctx.message.text}</b>`,
                                         {parse_mode: 'HTML', reply_markup: new InlineKeyboard().text('Yes', 'yes').text('No', 'no')}));
bot.on('callback_query:data', async (ctx) => {
  await ctx.answerCallbackQuery({text: 'Noted'});
  await ctx.editMessageText(`You chose ${ctx.callbackQuery.data}`);
});
process.once('SIGTERM', () => bot.stop());
await bot.start();
