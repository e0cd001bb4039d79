// The same conversation with a bot on any library: what it must look like from the other side.

import assert from 'node:assert/strict';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {ANNA, Program, Sandbox} from '../support/sandbox.mjs';
import {allOf, after, before, test} from '../support/test.mjs';
import {digest, picture} from './bots/picture.mjs';

const BOT = 4242;

export function converse(library) {
  let sandbox;
  let folder;
  let bot;

  before(async () => {
    sandbox = await Sandbox.start();
    folder = await mkdtemp(join(tmpdir(), 'clients-'));
    const file = join(folder, 'from-disk.png');
    await writeFile(file, picture);
    bot = new Program(process.execPath, [fileURLToPath(new URL(`bots/${library}.mjs`, import.meta.url))],
                      {API_URL: sandbox.address, TOKEN: `${BOT}:client-test`, FILE: file});
    await Promise.race([sandbox.wait({polling: true, timeout: 20}),
                        bot.exited.then((code) => assert.fail(`the bot ended with ${code}:\n${bot.output}`))]);
  });

  after(() => allOf(() => bot?.stop('SIGKILL'), () => sandbox?.stop(), () => rm(folder, {recursive: true, force: true})));

  test(`${library}: a text is answered with formatting and buttons`, async () => {
    const reply = await sandbox.ask(BOT, 'hello');
    assert.equal(reply.text, 'You said hello');
    assert.deepEqual(reply.entities, [{type: 'bold', offset: 9, length: 5}]);
    assert.deepEqual(reply.reply_markup.inline_keyboard, [[{text: 'Yes', callback_data: 'yes'}, {text: 'No', callback_data: 'no'}]]);
  });

  test(`${library}: a press is answered and the message edited`, async () => {
    const {message_id: id} = await sandbox.ask(BOT, 'choose');
    const {seq, callback_query_id: query} = await sandbox.press({bot: BOT, message_id: id, text: 'Yes'});
    const {event: answer} = await sandbox.wait({after: seq, kind: 'callback_answer', bot: BOT});
    assert.equal(answer.callback_query_id, query);
    assert.equal(answer.text, 'Noted');
    const {event: edit} = await sandbox.wait({after: seq, kind: 'edit', bot: BOT, chat: ANNA});
    assert.equal(edit.message.message_id, id);
    assert.equal(edit.message.text, 'You chose yes');
  });

  test(`${library}: a photo from memory arrives byte for byte`, async () => {
    const {photo, caption} = await sandbox.ask(BOT, '/photo');
    assert.equal(caption, 'From memory');
    assert.deepEqual([photo.at(-1).width, photo.at(-1).height], [120, 80]);
    assert.equal(digest(await sandbox.file(photo.at(-1).file_id)), digest(picture));
  });

  test(`${library}: a file from disk arrives byte for byte, with its name`, async () => {
    const {document, caption} = await sandbox.ask(BOT, '/file');
    assert.equal(caption, 'From a file');
    assert.equal(document.file_name, 'from-disk.png');
    assert.equal(document.file_size, picture.length);
    assert.deepEqual(await sandbox.file(document.file_id), picture);
  });

  test(`${library}: a photo of a person is downloaded byte for byte`, async () => {
    const {seq} = await sandbox.send({bot: BOT, photo: picture.toString('base64'), file_name: 'mine.png', mime_type: 'image/png'});
    const {event} = await sandbox.wait({after: seq, kind: 'message', bot: BOT, chat: ANNA});
    assert.equal(event.message.text, digest(picture));
  });

  test(`${library}: SIGTERM stops the bot cleanly, with everything confirmed`, async () => {
    await sandbox.ask(BOT, 'last words');
    const code = await bot.stop('SIGTERM');
    assert.equal(code, 0, bot.output);
    await sandbox.wait({drained: true, bot: BOT});
    const transcript = await sandbox.transcript(BOT);
    assert.match(transcript, /Anna: hello\n.*You said hello {1,2}\[Yes\] \[No\]/);
    assert.match(transcript, /You chose yes/);
    assert.match(transcript, /<photo> From memory/);
    assert.match(transcript, /<document> From a file/);
    assert.match(transcript, /Anna: last words\n.*You said last words/);
  });
}
