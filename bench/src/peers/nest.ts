// NestJS on Fastify. Decorators do not survive Node's type stripping, so they are called here as the functions that
// they are, in the way TypeScript's output calls them; what runs is the same.
import 'reflect-metadata'
import { Controller, Get, Module, NotFoundException, Param, ParseIntPipe, Query } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { createCatalogue, type Book } from './common/catalogue.ts'
import { openPool } from './common/pool.ts'

const catalogue = createCatalogue(openPool())

class BooksController {
  list(limit: number, after?: string): Promise<Book[]> {
    return catalogue.list({ limit, after })
  }

  async get(id: string): Promise<Book> {
    const book = await catalogue.get(id)
    if (book === null) throw new NotFoundException()
    return book
  }

  health() {
    return { status: 'ok' }
  }
}

// oxlint-disable-next-line typescript/no-extraneous-class -- a module of NestJS is a class
class AppModule {}

Controller()(BooksController)
route('list', Get('books'), [Query('limit', ParseIntPipe), Query('after')])
route('get', Get('books/:id'), [Param('id')])
route('health', Get('healthz'), [])
Module({ controllers: [BooksController] })(AppModule)

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter(), {
  logger: false,
})
await app.listen(Number(process.env['PORT']), '127.0.0.1')

/** Applies the decorators of a method and of its parameters. */
function route(
  name: keyof BooksController,
  method: MethodDecorator,
  parameters: readonly ParameterDecorator[],
): void {
  const { prototype } = BooksController
  for (const [place, decorate] of parameters.entries()) decorate(prototype, name, place)
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name)
  if (descriptor !== undefined) method(prototype, name, descriptor)
}
