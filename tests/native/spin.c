/* spin.c - C code that only a symbol table can name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
int spin(int n);

__attribute__((noinline)) static int hot(int n)
{
	volatile int sum = 0;

	for (int i = 0; i < n; i++)
		sum += i;
	return sum;
}

__attribute__((noinline)) static int middle(int n)
{
	return hot(n) + MORE;
}

int spin(int n)
{
	return middle(n) + 1;
}
