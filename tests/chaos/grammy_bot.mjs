// The same counting bot written with grammY, set up as its documentation recommends for production: sessions in files,
// a runner that handles updates side by side but one after the other per chat, retries of failed calls, an orderly stop.
import {autoRetry} from '@grammyjs/auto-retry';
import {run, sequentialize} from '@grammyjs/runner';
import {FileAdapter} from '@grammyjs/storage-file';
import {Bot, session} from 'grammy';

const bot = new Bot(process.env.TELEGRAM_BOT_TOKEN, {client: {apiRoot: process.env.TELEGRAM_API_URL}});
bot.api.config.use(autoRetry());
bot.use(sequentialize((ctx) => ctx.chat?.id.toString()));
bot.use(session({initial: () => ({count: 0}), storage: new FileAdapter({dirName: process.env.DATA_DIR})}));
bot.command('ping', async (ctx) => {
  ctx.session.count += 1;
  await ctx.reply(`pong ${ctx.match} (${ctx.session.count})`);
});
bot.catch((error) => console.error('error', error.error?.message ?? error.message));

const runner = run(bot);
console.log('running');
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => runner.isRunning() && runner.stop());
